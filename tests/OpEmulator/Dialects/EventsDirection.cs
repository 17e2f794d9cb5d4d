namespace OpEmulator.Dialects;

/// <summary>Which side of the asked event a page lies on.</summary>
internal enum EventsDirection
{
    Newest,
    Newer,
    Older,
}
