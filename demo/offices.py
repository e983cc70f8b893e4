"""An order for one office of the customer: seen and attested for that office, or for the whole."""

from demo.script import Story, begins, direct, sends

ASKED = direct("strandkoping", "Läsa journaler i elevhälsan.", 0)
OFFICES = (
    Story(
        "strandkoping-npo",
        "customer_attest",
        "strandkoping",
        "npo-direct",
        {**ASKED, "office": "Barn och utbildning"},
        (
            begins("lindhamra-admin", 4, "09:40"),
            sends("lindhamra-admin", 4, "09:58"),
        ),
    ),
)
