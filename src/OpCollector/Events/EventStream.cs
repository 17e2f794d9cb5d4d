using System.Collections.Immutable;

namespace OpCollector.Events;

/// <summary>A stream of the Events API: what it is called here, there, and in a sentence.</summary>
/// <param name="Name">As it is configured, and as its events are tagged.</param>
/// <param name="Feature">The end of its address, and the right that a token needs for it.</param>
/// <param name="Words">What it holds, in messages.</param>
internal sealed record EventStream(string Name, string Feature, string Words)
{
    public static readonly EventStream Audit = new("audit", "auditevents", "audit events");
    public static readonly EventStream SignIn = new("signin", "signinattempts", "sign-in attempts");
    public static readonly EventStream ItemUsage = new("itemusage", "itemusages", "item usages");

    public static readonly ImmutableArray<EventStream> All = [Audit, SignIn, ItemUsage];
}

/// <summary>The three kinds of events, named as the Events API's endpoints are for.</summary>
internal static class Streams
{
    public const string Audit = "audit";
    public const string SignIn = "signin";
    public const string ItemUsage = "itemusage";

    public static readonly string[] All = [Audit, SignIn, ItemUsage];
}
