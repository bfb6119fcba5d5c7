"""Invented names: ordinary forenames, and surnames put together from syllables.

No surname here is meant to be anyone's, so no pair can name a known person; a test compares them
with the surnames many people bear. Communities are those an English authority serves; each has its
own names and its own spread of ethnicity codes.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from harbourlight.simulate.days import Flags, Ints


@dataclass(frozen=True, slots=True)
class Community:
    """Families who draw on the same names, and how their ethnicity is recorded."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    ethnicity: tuple[tuple[str, float], ...]

    @property
    def surnames(self) -> tuple[str, ...]:
        """Every surname its syllables make."""
        return tuple(begin + end for begin in self.begins for end in self.ends)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


COMMUNITIES: tuple[Community, ...] = (
    Community(
        0.715,
        _words(
            "Abigail Alice Amber Amelia Amy Ava Beth Bonnie Chloe Daisy Daniella Eliza Ella Ellie "
            "Emily Erin Esme Eva Evie Faith Florence Freya Grace Hannah Harriet Heidi Holly Imogen "
            "Isabelle Isla Ivy Jasmine Jessica Kayleigh Keira Lacey Layla Lexi Libby Lily Lola "
            "Lottie Lucy Maisie Martha Matilda Megan Mia Millie Molly Nancy Niamh Olivia Orla "
            "Phoebe Poppy Robyn Rose Ruby Scarlett Seren Siân Sienna Skye Sofia Sophie Summer "
            "Tegan Thea Tilly Violet Willow Zara Zoë"
        ),
        _words(
            "Aaron Adam Aidan Alex Alfie Archie Arthur Bailey Ben Billy Bobby Brandon Caleb Callum "
            "Cameron Charlie Connor Daniel Dexter Dylan Edward Elliot Ethan Ewan Finley Freddie "
            "George Gethin Harley Harrison Harry Harvey Henry Hugo Isaac Jack Jacob Jake James "
            "Jamie Jayden Joel Joseph Joshua Jude Kai Kian Leo Leon Lewis Liam Logan Louie Luca "
            "Luke Mason Max Morgan Nathan Noah Oliver Oscar Owen Ralph Reuben Rhys Riley Rory Ryan "
            "Samuel Sebastian Stanley Theo Thomas Toby Tyler William Zachary"
        ),
        _words(
            "Abber Brindle Corfe Dunsel Elver Fenni Gorse Harkle Isen Kestle Lamber Marde Nethel "
            "Orle Penhal Quarle Rusken Sallow Tarrel Uvel Vellan Whinner Yarrel Zennel"
        ),
        _words("combe thwaite mere stow garth holt wick lock ridge sett worthy brook"),
        (
            ("WBRI", 0.892),
            ("MWBC", 0.045),
            ("MWBA", 0.018),
            ("MWAS", 0.02),
            ("MOTH", 0.025),
        ),
    ),
    Community(
        0.02,
        _words("Aoife Bridget Caoimhe Ciara Eimear Kathleen Maeve Margaret Nora Roisin Sinead"),
        _words("Cathal Ciaran Conor Declan Eoin Fergal Fintan Martin Michael Padraig Seán Tadhg"),
        _words("O'Brann O'Cull O'Dorr O'Finn O'Gall O'Harr McTull McVarr McKesh"),
        _words("aghery arty erran ighan onarry ulla"),
        (("WIRI", 0.5), ("WIRT", 0.3), ("WBRI", 0.2)),
    ),
    Community(
        0.05,
        _words(
            "Agnieszka Aleksandra Alicja Daria Emilija Gabriela Hanna Julia Kamila Katarzyna Lena "
            "Maja Martyna Natalia Nikola Oliwia Ugne Weronika Zofia Zuzanna"
        ),
        _words(
            "Adrian Aleksander Antoni Bartosz Dominik Filip Igor Jakub Kacper Kornel Lukas Łukasz "
            "Marcel Mateusz Mikolaj Oskar Patryk Szymon Tomas Wiktor"
        ),
        _words("Brzo Dobra Goleb Jaroc Kalin Lubos Milod Radoz Stanim Witos Zbroj Zelin"),
        _words("arczak edlik iniak ostek uszyn yrski"),
        (("WOTH", 0.97), ("WBRI", 0.03)),
    ),
    Community(
        0.02,
        _words("Alina Bianca Denisa Elena Florina Ioana Larisa Mirela Narcisa Rebeca Sorina"),
        _words("Alin Cosmin Dorin Eduard Florin Ionut Marius Nelu Radu Razvan Sorin Vasile"),
        _words("Balt Ciorv Dragh Flosk Ionesh Lupav Marisk Stavr Vasht"),
        _words("anoiu arelu ezcu ilova oreasa"),
        (("WROM", 0.55), ("WOTH", 0.45)),
    ),
    Community(
        0.075,
        _words(
            "Aaliyah Aisha Amina Anaya Fatima Haleema Hira Iqra Khadija Maryam Mahnoor Nadia Noor "
            "Rabia Safa Saira Samina Sumaya Zainab Zoya"
        ),
        _words(
            "Abdullah Adeel Ahmad Ali Bilal Danyal Faisal Hamza Haris Hassan Ibrahim Imran Ismail "
            "Junaid Mohammed Musa Omar Rayyan Tahir Yusuf Zain"
        ),
        _words("Zafir Qamb Shairm Rahbar Nazv Tamk Mirzow Gulb Haidr Firoz Sabz Wazid"),
        _words("ander arwal iyari ozai uddar ehpur"),
        (("APKN", 0.6), ("ABAN", 0.28), ("AOTH", 0.07), ("MWAS", 0.05)),
    ),
    Community(
        0.03,
        _words("Anjali Avani Diya Harleen Ishani Jasleen Kavya Meera Nisha Priya Simran Tanvi"),
        _words("Aarav Amar Arjan Dev Gurpreet Harjit Jai Karan Manraj Nikhil Rohan Vikram"),
        _words("Bhavn Chandv Dharv Gurvan Jasvar Kirand Lakhm Manvar Nirv Praln Sahrv Tejv"),
        _words("adhia ekari illon ojani ushwal"),
        (("AIND", 0.85), ("AOTH", 0.12), ("MWAS", 0.03)),
    ),
    Community(
        0.04,
        _words(
            "Abena Adaeze Amara Blessing Chidinma Comfort Ebele Efua Esther Favour Ifeoma Mercy "
            "Nana Ngozi Peace Temi Tiwa Yetunde"
        ),
        _words(
            "Ayo Chidi David Ebenezer Emeka Emmanuel Ezra Femi Israel Joshua Kelechi Kofi Kwame "
            "Michael Obinna Samuel Tobi Wale"
        ),
        _words("Adebu Oluga Okoru Chikwe Ifanu Amofu Nwago Ebiro Asantu Bankor Mensu"),
        _words("bolaye kemiro rundi tundara wemiko gozire lamidu"),
        (("BAFR", 0.86), ("BOTH", 0.08), ("MWBA", 0.06)),
    ),
    Community(
        0.02,
        _words("Ayaan Deqa Fadumo Hibaaq Hodan Idil Ifrah Ilhan Nasra Sagal Selam Yordanos"),
        _words("Abdi Abshir Bashir Daud Guled Hanad Liban Mahad Nuur Robel Samatar Yonas"),
        _words("Gurxa Warsef Hirsam Dirran Xalan Jamsef Mahdur Tesfor"),
        _words("beyle doon galow hure kore mane"),
        (("BAFR", 0.97), ("REFU", 0.03)),
    ),
    Community(
        0.02,
        _words("Alana Alesha Destiny Jada Janelle Kezia Keisha Naomi Renee Shanice Tamara Tiana"),
        _words("Andre Curtis Darnell Dion Jerome Kemar Leroy Malachi Marlon Omari Reece Tyrell"),
        _words("Ambrel Cassern Delver Hobrin Lestin Marvel Pennic Rowton Santel Wexin"),
        _words("ard croft elle ingham ode wyn"),
        (("BCRB", 0.6), ("MWBC", 0.35), ("BOTH", 0.05)),
    ),
    Community(
        0.02,
        _words("Amal Avin Dilan Farah Hala Leila Lana Nour Rania Rima Shilan Yara"),
        _words("Ahmed Aras Azad Hemin Karim Khaled Mazen Rami Rebin Saman Tariq Ziad"),
        _words("Barzog Dilshem Hawrem Kardun Naqshel Rojhem Sirwen Zagrem Talhab Qudsar"),
        _words("adi awan eri iyan oush"),
        (("OOTH", 0.82), ("AOTH", 0.1), ("WOTH", 0.08)),
    ),
    Community(
        0.01,
        _words("Jia Lan Linh Mei Ming Ngoc Siu Xin Yan Ying"),
        _words("Bao Chen Hao Jun Kai Long Minh Tuan Wei Yi"),
        _words("Zheil Quanb Lunsh Shujh Meixh Feiyn"),
        _words("ang ao eng ian ong"),
        (("CHNE", 0.7), ("AOTH", 0.3)),
    ),
)
_SHARES = np.array([community.share for community in COMMUNITIES])
_SHARES = _SHARES / _SHARES.sum()

ETHNICITY_UNKNOWN = 0.045
"""How many children have no ethnicity obtained or have it refused."""


class _Pool:
    """Several lists end to end, from which an index into each list can be taken at once."""

    def __init__(self, lists: list[tuple[str, ...]]) -> None:
        self.words = pa.array([word for words in lists for word in words], pa.string())
        self.sizes = np.array([len(words) for words in lists], np.int64)
        self.starts = np.concatenate([[0], np.cumsum(self.sizes)[:-1]])

    def draw(self, rng: np.random.Generator, lists: Ints) -> Ints:
        """A place in `words` for each row, evenly among the words of its list."""
        return self.starts[lists] + (rng.random(len(lists)) * self.sizes[lists]).astype(np.int64)


_FORENAMES = _Pool([names for c in COMMUNITIES for names in (c.girls, c.boys)])
_SURNAMES = _Pool([community.surnames for community in COMMUNITIES])
_ETHNICITY = sorted({code for c in COMMUNITIES for code, _ in c.ethnicity} | {"NOBT", "REFU"})


def draw_communities(rng: np.random.Generator, count: int) -> Ints:
    """The community of each family, by its place in `COMMUNITIES`."""
    return rng.choice(len(COMMUNITIES), size=count, p=_SHARES)


def draw_surnames(rng: np.random.Generator, communities: Ints) -> Ints:
    """A surname for each row, by its place in the pool that `surnames` reads."""
    return _SURNAMES.draw(rng, communities)


def draw_forenames(rng: np.random.Generator, communities: Ints, boys: Flags) -> Ints:
    """A forename for each row, by its place in the pool that `forenames` reads."""
    return _FORENAMES.draw(rng, communities * 2 + boys)


def surnames(places: Ints) -> pa.Array:
    """The surnames at these places."""
    return _SURNAMES.words.take(pa.array(places))


def forenames(places: Ints) -> pa.Array:
    """The forenames at these places."""
    return _FORENAMES.words.take(pa.array(places))


def draw_ethnicity(rng: np.random.Generator, communities: Ints) -> Ints:
    """An ethnicity for each family, by its place in the list that `ethnicities` reads."""
    drawn = np.zeros(len(communities), np.int64)
    chance = rng.random(len(communities))
    for place, community in enumerate(COMMUNITIES):
        codes = [_ETHNICITY.index(code) for code, _ in community.ethnicity]
        edges = np.cumsum([share for _, share in community.ethnicity])
        here = communities == place
        drawn[here] = np.array(codes)[np.searchsorted(edges[:-1], chance[here], "right")]
    return drawn


def ethnicities(rng: np.random.Generator, places: Ints) -> pa.Array:
    """The codes at these places, some of them not obtained or refused."""
    unknown = rng.random(len(places))
    places = np.where(unknown < ETHNICITY_UNKNOWN, _ETHNICITY.index("NOBT"), places)
    places = np.where(unknown < ETHNICITY_UNKNOWN / 5, _ETHNICITY.index("REFU"), places)
    return pa.array(_ETHNICITY, pa.string()).take(pa.array(places))


def full(forenames: pa.Array, surnames: pa.Array) -> pa.Array:
    """Forename and surname as one name."""
    return pc.binary_join_element_wise(forenames, surnames, " ")
