"""The orders that are held in the demo world, since their agent's engagement has ended."""

from demo.script import Story, begins, sends, via

HELD = (
    Story(
        "alvsunda-pascal",  # held: the agent's engagement has ended
        "agent_review",
        "alvsunda",
        "pascal-agent",
        via("alvsunda", "vardlanken", "Dosrecept i hemsjukvården.", 0),
        (
            begins("alvsunda-orderer", 4, "13:20"),
            sends("alvsunda-orderer", 4, "13:41"),
        ),
    ),
    Story(
        "strandkoping-pascal",  # held too
        "agent_review",
        "strandkoping",
        "pascal-agent",
        via("strandkoping", "vardlanken", "Dosrecept i elevhälsan.", 0),
        (
            begins("strandkoping-orderer", 3, "09:12"),
            sends("strandkoping-orderer", 3, "09:26"),
        ),
    ),
)
