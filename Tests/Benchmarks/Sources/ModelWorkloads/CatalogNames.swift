package import BillingModel

extension Meter.ID {
    package static let jobDescriptions = Meter.ID("job_descriptions")
    package static let candidateSearches = Meter.ID("candidate_searches")
    package static let interviewGuides = Meter.ID("interview_guides")
}

extension Tier.ID {
    package static let free = Tier.ID("free")
    package static let pro = Tier.ID("professional")
}
