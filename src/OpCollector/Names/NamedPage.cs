using OpCollector.Sources;

namespace OpCollector.Names;

/// <summary>A page whose events are explained.</summary>
/// <param name="Names">The names that were known when it was explained; empty where the run has not seen an event yet.</param>
internal sealed record NamedPage(EventPage Page, NameBook Names);
