/* Opens a genogram at the person whose page it is. Without this one scrolls to them. */

for (const region of document.querySelectorAll(".hl-genogram")) {
  const index = region.querySelector(".hl-genogram__person--index");
  if (index && region.scrollWidth > region.clientWidth) {
    const there = index.getBoundingClientRect(), here = region.getBoundingClientRect();
    region.scrollLeft = there.left - here.left + there.width / 2 - region.clientWidth / 2;
  }
}
