"""Episodes of need, each opened by a referral, and who they are allocated to."""
