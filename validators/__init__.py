"""Checks: readers turn files into facts, rules turn facts into findings.

The sandbox (`validators.sandbox.Sandbox`) reads; `judge` and `judge_all` decide, purely, from facts and a notice.
"""

from validators.judging import judge, judge_all
from validators.rules import RULES, bind, use_faults
from validators.rules.coverage import unchecked_demands
from validators.rules.info_table import BasicInfo, basic_info

__all__ = ["RULES", "BasicInfo", "basic_info", "bind", "judge", "judge_all", "unchecked_demands", "use_faults"]
