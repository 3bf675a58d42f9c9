from study.fake import fake_study

__all__ = ["fake_study"]
