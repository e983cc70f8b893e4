"""The orders of the demo world, and every deed that brought them where they stand."""

from demo import held, offices, papers
from demo.script import (
    Deed,
    Story,
    approves,
    attests,
    begins,
    connects,
    copies,
    direct,
    licences,
    notes,
    refuses,
    rejects,
    releases,
    sends,
    sends_back,
    starts,
    via,
    webcert,
)

ENDED = (
    Story(
        "norrsund-npo",
        "active",
        "norrsund",
        "npo-agent",
        via("norrsund", "systempartner", "Läsa journaler från andra vårdgivare på akuten.", 0, 1),
        (
            begins("norrsund-orderer", 88, "09:05"),
            sends("norrsund-orderer", 88, "09:31"),
            approves("systempartner-handler", "systempartner-attestant", 87, "10:12"),
            attests("systempartner-attestant", 86, "13:40"),
            attests("norrsund-attestant", 84, "08:20"),
            starts("systempartner-handler", 83, "09:00"),
            connects("systempartner-handler", 71, "15:25"),
        ),
        papers=papers.ACCESS,
    ),
    Story(
        "alvsunda-webcert",
        "active",
        "alvsunda",
        "webcert-agent",
        webcert("alvsunda", "vardlanken", "Intyg i hemsjukvården.", 0, 1, source="vardflode"),
        (
            begins("alvsunda-orderer", 64, "11:00"),
            sends("alvsunda-orderer", 63, "08:45"),
            approves("vardlanken-handler", "vardlanken-attestant", 62, "09:10"),
            attests("vardlanken-attestant", 62, "14:05", method="sms"),
            attests("alvsunda-attestant", 60, "10:15", method="sms"),
            starts("vardlanken-handler", 58, "08:30"),
            connects("vardlanken-handler", 51, "16:10"),
        ),
    ),
    Story(
        "osterlund-eira",
        "active",
        "osterlund",
        "eira-direct",
        licences(1200),
        (
            begins("osterlund-orderer", 58, "13:15"),
            sends("osterlund-orderer", 58, "13:22"),
            attests("osterlund-attestant", 57, "09:02"),
            starts("desk-one", 55, "10:00"),
            connects("desk-one", 52, "11:30"),
        ),
    ),
    Story(
        "lindhamra-hsa",
        "active",
        "lindhamra",
        "hsa-direct",
        licences(85),
        (  # one person orders and attests: only by BankID
            begins("lindhamra-both", 47, "14:40"),
            sends("lindhamra-both", 47, "14:48"),
            attests("lindhamra-both", 46, "08:10"),
            starts("desk-two", 45, "09:20"),
            connects("desk-two", 41, "13:00"),
        ),
    ),
    Story(
        "solglantan-utbud",
        "active",
        "solglantan",
        "utbud-direct",
        direct("solglantan", "Visa våra väntetider på 1177.", 0),
        (
            begins("solglantan-orderer", 39, "10:30"),
            sends("solglantan-orderer", 39, "10:41"),
            attests("solglantan-manager", 38, "12:15", method="sms"),
            starts("desk-one", 37, "08:50"),
            connects("desk-one", 36, "10:05"),
        ),
    ),
    Story(
        "hjorten-eremiss",
        "rejected_by_agent",
        "hjorten",
        "eremiss-agent",
        via("hjorten", "systempartner", "Sende og motta henvisninger elektronisk.", 0),
        (
            begins("hjorten-orderer", 34, "09:45"),
            sends("hjorten-orderer", 34, "09:58"),
            rejects(
                "systempartner-narrow",
                33,
                "15:20",
                "Ert journalsystem saknar stöd för tjänsten. Uppgradera till version 7 först.",
            ),
        ),
    ),
    Story(
        "strandkoping-sdk",
        "rejected_by_agent",
        "strandkoping",
        "sdk-agent",
        via("strandkoping", "vardlanken", "Orosanmälningar mellan skola och region.", 0),
        (
            begins("strandkoping-orderer", 29, "08:25"),
            sends("strandkoping-orderer", 29, "08:40"),
            approves("fyrbaken-owner", "vardlanken-attestant", 28, "17:05"),
            refuses(
                "vardlanken-attestant",
                27,
                "11:11",
                "Vi tar inte emot fler kunder på SDK förrän efter årsskiftet.",
            ),
        ),
    ),
    Story(
        "osterlund-journalen",
        "rejected_by_customer",
        "osterlund",
        "journalen-agent",
        via("osterlund", "vardlanken", "Låta invånarna läsa sin journal på 1177.", 0, 1, 2, 3),
        (
            begins("osterlund-both", 31, "10:20"),
            sends("osterlund-both", 30, "09:15"),
            approves("vardlanken-handler", "vardlanken-attestant", 29, "13:25"),
            attests("vardlanken-attestant", 28, "09:35"),
            refuses(
                "osterlund-attestant",
                26,
                "16:00",
                "Budgeten för i år är slut. Beställ igen i januari.",
            ),
        ),
    ),
    Story(
        "alvsunda-sob",
        "rejected_by_customer",
        "alvsunda",
        "sob-direct",
        direct("alvsunda", "Stödprogram för anhöriga.", 2),
        (
            begins("alvsunda-orderer", 22, "14:00"),
            sends("alvsunda-orderer", 22, "14:09"),
            refuses(
                "alvsunda-attestant",
                21,
                "08:55",
                "Fel enhet: det är hemsjukvården som ska använda tjänsten.",
            ),
        ),
    ),
)
UNDER_WAY = (
    Story(
        "norrsund-journalen",
        "connecting",
        "norrsund",
        "journalen-agent",
        via(
            "norrsund",
            "systempartner",
            "Invånarna läser sin journal på 1177.",
            *(0, 1, 2, 3),
            technician="drift@systempartner.example.org",
        ),
        (
            begins("norrsund-orderer", 19, "09:10"),
            sends("norrsund-orderer", 19, "09:26"),
            notes(
                "systempartner-handler", 18, "08:05", "Samma driftmiljö som NPÖ, inget nytt avtal."
            ),
            approves("systempartner-handler", "systempartner-chief", 18, "08:12"),
            attests("systempartner-chief", 17, "10:44"),
            attests("norrsund-chief", 15, "15:30", method="sms"),
            releases("desk-one", 14, "09:05"),
            starts("systempartner-handler", 13, "09:15"),
        ),
    ),
    Story(
        "lindhamra-pascal",
        "connecting",
        "lindhamra",
        "pascal-direct",
        direct("lindhamra", "Dosrecept på kommunens boenden.", 0, 1),
        (
            begins("lindhamra-both", 14, "13:05"),
            sends("lindhamra-both", 14, "13:19"),
            attests("lindhamra-attestant", 13, "09:40"),
            starts("desk-two", 11, "14:20"),
        ),
    ),
    Story(
        "fyrbaken-journalen",
        "case_open",
        "fyrbaken",
        "journalen-agent",
        via("fyrbaken", "systempartner", "Patienterna läser sin journal på 1177."),
        (  # waits for the operator to release it
            begins("fyrbaken-owner", 12, "18:10"),
            sends("fyrbaken-owner", 12, "18:22"),
            approves("systempartner-handler", "systempartner-attestant", 10, "11:15"),
            attests("systempartner-attestant", 9, "09:05"),
            attests("fyrbaken-attestant", 5, "12:50", method="sms"),
        ),
    ),
    Story(
        "norrsund-sakerhet",
        "case_open",
        "norrsund",
        "sakerhetstjanster-direct",
        direct("norrsund", "Spärr och logg för nya sjukhuset.", 0, 1),
        (
            begins("norrsund-orderer", 6, "10:00"),
            sends("norrsund-orderer", 6, "10:17"),
            attests("norrsund-attestant", 4, "16:35"),
        ),
    ),
)
WAITING = (
    Story(
        "strandkoping-webcert",  # late
        "customer_attest",
        "strandkoping",
        "webcert-agent",
        webcert("strandkoping", "vardlanken", "Intyg i elevhälsan.", 0, source="journalis"),
        (
            begins("strandkoping-orderer", 18, "08:30"),
            sends("strandkoping-orderer", 18, "08:52"),
            approves("vardlanken-handler", "vardlanken-attestant", 16, "14:14"),
            attests("vardlanken-attestant", 15, "10:10"),
        ),
    ),
    Story(
        "solglantan-webcert",
        "customer_attest",
        "solglantan",
        "webcert-agent",
        webcert("solglantan", "systempartner", "Intyg på vårdcentralen.", 0, source="journalis"),
        (
            begins("solglantan-orderer", 9, "09:12"),
            sends("solglantan-orderer", 9, "09:25"),
            approves("systempartner-narrow", "systempartner-attestant", 7, "10:50"),
            attests("systempartner-attestant", 2, "13:33"),
        ),
    ),
    Story(
        "alvsunda-npo",
        "customer_attest",
        "alvsunda",
        "npo-direct",
        direct("alvsunda", "Läsa journaler i hemsjukvården.", 0, 1),
        (
            begins("alvsunda-orderer", 3, "10:55"),
            sends("alvsunda-orderer", 3, "11:08"),
        ),
    ),
    Story(
        "osterlund-utbud",  # four eyes: whoever ordered it may not attest it
        "customer_attest",
        "osterlund",
        "utbud-direct",
        direct("osterlund", "Väntetider för vårdcentralerna.", 2, 3),
        (
            begins("osterlund-both", 16, "15:00"),
            sends("osterlund-both", 16, "15:12"),
        ),
    ),
    Story(
        "lindhamra-webcert",
        "agent_attest",
        "lindhamra",
        "webcert-agent",
        webcert("lindhamra", "systempartner", "Intyg på kommunrehab.", 0, source="vardflode"),
        (
            begins("lindhamra-both", 5, "13:30"),
            sends("lindhamra-both", 5, "13:44"),
            approves("systempartner-handler", "systempartner-attestant", 2, "09:20"),
        ),
    ),
    Story(
        "strandkoping-eremiss",  # late
        "agent_attest",
        "strandkoping",
        "eremiss-agent",
        via("strandkoping", "systempartner", "Remisser till sjukgymnast.", 1, 2),
        (
            begins("strandkoping-orderer", 20, "09:00"),
            sends("strandkoping-orderer", 20, "09:14"),
            approves("systempartner-narrow", "systempartner-chief", 17, "15:45"),
        ),
    ),
    Story(
        "norrsund-eremiss",  # sent back within the agent
        "agent_review",
        "norrsund",
        "eremiss-agent",
        via("norrsund", "systempartner", "Remisser mellan hälsocentralerna.", 2, 3),
        (
            begins("norrsund-orderer", 8, "08:40"),
            sends("norrsund-orderer", 8, "08:58"),
            approves("systempartner-narrow", "systempartner-attestant", 6, "14:30"),
            sends_back(
                "systempartner-attestant", 4, "10:05", "Kontrollera vilken driftmiljö som gäller."
            ),
        ),
    ),
    Story(
        "solglantan-tidbokning",
        "agent_review",
        "solglantan",
        "tidbokning-agent",
        via("solglantan", "systempartner", "Boka tid på nätet.", 0, 1, source="vardflode"),
        (
            begins("solglantan-orderer", 2, "08:15"),
            sends("solglantan-orderer", 1, "09:30"),
        ),
    ),
    Story(
        "norrsund-pilot",
        "agent_review",
        "norrsund",
        "tidbokning-pilot",
        via("norrsund", "systempartner", "Pilot på två hälsocentraler.", 2, 3, source="vardflode"),
        (
            begins("norrsund-orderer", 2, "14:20"),
            sends("norrsund-orderer", 2, "14:36"),
        ),
        papers=papers.PILOT,
    ),
    Story(
        "alvsunda-eremiss",  # late
        "agent_review",
        "alvsunda",
        "eremiss-agent",
        via("alvsunda", "vardlanken", "Remisser från hemsjukvården.", 0),
        (
            begins("alvsunda-orderer", 15, "11:20"),
            sends("alvsunda-orderer", 15, "11:37"),
        ),
    ),
)
DRAFTS = (
    Story(
        "hjorten-again",
        "draft",
        "hjorten",
        "eremiss-agent",
        {},
        (copies("hjorten-orderer", 30, "10:10"),),
        copied_from="hjorten-eremiss",
    ),
    Story(
        "norrsund-sob",
        "draft",
        "norrsund",
        "sob-direct",
        direct("norrsund", "Internetbehandling mot oro.", 2),
        (begins("norrsund-orderer", 1, "15:40"),),
        papers=papers.PROGRAMME,
    ),
    Story(
        "fyrbaken-sdk",
        "draft",
        "fyrbaken",
        "sdk-direct",
        direct("fyrbaken", "Meddelanden till kommunen."),
        (begins("fyrbaken-owner", 7, "19:05"),),
    ),
)
STORIES = (*ENDED, *UNDER_WAY, *WAITING, *held.HELD, *offices.OFFICES, *DRAFTS)


def played() -> list[tuple[Story, Deed]]:
    """Every deed of every order, the longest ago first."""
    told = [(story, deed) for story in STORIES for deed in story.deeds]
    return sorted(told, key=lambda pair: (-pair[1].days, pair[1].at))
