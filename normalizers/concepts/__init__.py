"""Level-3 concepts: what an indicator's printed name measures (完成率, 培训人次, 运维成本 …).

>>> match_concept("培训人次").concept_id
'count.training_people'
"""

from normalizers.concepts.catalogue import Concept, concept, concepts
from normalizers.concepts.match import ConceptMatch, match_concept

__all__ = ["Concept", "ConceptMatch", "concept", "concepts", "match_concept"]
