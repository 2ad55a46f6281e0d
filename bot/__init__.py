"""faqbot: answers questions about the treatment of acute lymphoblastic leukemia from one reviewed document."""

__version__ = "0.1.0"
