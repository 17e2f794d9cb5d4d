using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>The rules that Sigma cannot express, with the same metadata as the others.</summary>
internal static class NativeRules
{
    public const string Silent = "silent";
    public const string Unreadable = "unreadable";


    public static readonly RuleInfo OffHours = new(
        "0d0c6a65-5d2f-5d0a-9d0e-6a7f3f0f3b51", "admin-off-hours", "Administrator active outside working hours", RuleLevel.Medium,
        ["attack.t1078"], null, RuleInfo.BuiltIn)
    {
        Description = "Somebody whose working hours are configured was active outside of them.",
        FalsePositives = ["Somebody who is on call, or travels"],
        Reference = "docs/detections.md#admin-off-hours",
    };

    public static readonly RuleInfo Silence = new(
        "5a1d2b7e-91c4-5c55-8a1b-0d7b1c7e5f02", "collector-silent", "No events for longer than usual", RuleLevel.Medium,
        ["attack.t1562.008"], null, RuleInfo.BuiltIn)
    {
        HasEvents = false,
        Description = "No event came for longer than silence.after; told again when events resume.",
        FalsePositives = ["Holidays, in a small account"],
        Reference = "docs/detections.md#collector-silent",
    };

    public static readonly RuleInfo SourceUnreadable = new(
        "c3c1f4de-6a0b-5f0e-9a6e-2f9d0f6b7a13", "source-unreadable", "The source could not be read for longer than usual", RuleLevel.Medium,
        ["attack.t1562.008"], null, RuleInfo.BuiltIn)
    {
        HasEvents = false,
        Description = "The source could not be read to its end for longer than silence.after.",
        FalsePositives = ["A long outage of 1Password, or of the network"],
        Reference = "docs/detections.md#source-unreadable",
    };

    public static readonly RuleInfo RiskByUser = new(
        "8f1d5f0c-2d6e-5b7a-9c41-7e0b6f3d2a18", "risk-by-user", "Several findings about one person", RuleLevel.High,
        ["attack.t1078"], null, RuleInfo.BuiltIn)
    {
        Description = "Findings of different rules about one person within an hour weigh 9 or more together: a critical one weighs 8, a high " +
            "one 5, a medium one 3, a low one 1; of several about one event the gravest counts.",
        FalsePositives = ["An administrator who sets up a new department"],
        HasEvents = false,
        Reference = "docs/detections.md#risk-by-user",
    };

    public static readonly IReadOnlyList<RuleInfo> All = [OffHours, Silence, SourceUnreadable, RiskByUser];

    /// <summary>What <see cref="RiskByUser"/> adds up.</summary>
    public static readonly Correlation RiskOfUser = new(
        RiskByUser,
        CorrelationType.Risk,
        [new CorrelationMember(RiskByUser, [], [])],
        TimeSpan.FromHours(1),
        new CorrelationCondition([(NumberComparison.GreaterOrEqual, 9)], [], 0),
        Generate: false);

    /// <summary>The stretches outside working hours that <see cref="OffHours"/> has told.</summary>
    public static readonly Correlation Stretches =
        new(OffHours, CorrelationType.FirstSeen, [], TimeSpan.FromDays(60), CorrelationCondition.None, Generate: false);

    /// <summary>How much a finding weighs: one that is grave more than several that are not, and none enough by itself.</summary>
    public static int PointsOf(RuleLevel level) => level switch
    {
        RuleLevel.Critical => 8,
        RuleLevel.High => 5,
        RuleLevel.Medium => 3,
        RuleLevel.Low => 1,
        _ => 0,
    };

    /// <summary>What happens by itself, at any hour: an application that renews a token is not a person at work.</summary>
    public static readonly string[] Automatic = ["ssotknv", "dlgsess", "expire"];

    public static readonly string[] LookedAt = [Streams.Audit, Streams.SignIn];
}
