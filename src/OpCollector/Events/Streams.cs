namespace OpCollector.Events;

/// <summary>The three kinds of events, named as the Events API's endpoints are for.</summary>
internal static class Streams
{
    public const string Audit = "audit";
    public const string SignIn = "signin";
    public const string ItemUsage = "itemusage";

    public static readonly string[] All = [Audit, SignIn, ItemUsage];
}
