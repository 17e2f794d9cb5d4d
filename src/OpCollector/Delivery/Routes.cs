using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>Where the items of a page go: by the route of their kind where there is one, else to the sink itself.</summary>
internal sealed class Routes : IDisposable
{
    readonly Route _usual;
    readonly Dictionary<string, Route> _byName;

    /// <param name="usual">The sink itself.</param>
    /// <param name="streams">What is collected.</param>
    /// <param name="others">The routes of single kinds.</param>
    public Routes(Route usual, IReadOnlyCollection<string> streams, params IReadOnlyCollection<Route> others)
    {
        (_usual, _byName) = (usual, others.ToDictionary(route => route.Name));
        var isUsed = streams.Any(stream => ForEvents(stream) == usual || ForFindings(stream) == usual);
        Used = isUsed ? [usual, .. others] : [.. others];
    }

    /// <summary>The routes that items take: the sink itself is not among them where each kind has its own.</summary>
    public IReadOnlyList<Route> Used { get; }

    /// <summary>How the receivers are called in a message, each once.</summary>
    public string Name => string.Join(", ", Used.Select(route => route.SinkName).Distinct());

    public Route ForEvents(string stream) => _byName.GetValueOrDefault(stream, _usual);

    /// <summary>The findings' own route; where they have none, that of the events they go with.</summary>
    public Route ForFindings(string stream) => _byName.GetValueOrDefault(Route.Findings, ForEvents(stream));

    /// <summary>The route of that name; null where there is none such, as the sink itself.</summary>
    public Route? Called(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// A page in batches, each for one route: events with the findings that go with them, then findings that go elsewhere.
    /// </summary>
    public IEnumerable<(Route Route, Batch Batch)> Split(Batch page)
    {
        var (events, findings) = (ForEvents(page.Stream), ForFindings(page.Stream));
        if (events == findings)
        {
            return [(events, page)];
        }

        var items = page.Events.ToLookup(each => each.IsFinding);
        return new[] { (events, page with { Events = [.. items[false]] }), (findings, page with { Events = [.. items[true]] }) }
            .Where(part => part.Item2.Events.Count > 0);
    }

    public void Dispose()
    {
        foreach (var route in _byName.Values.Append(_usual))
        {
            route.Dispose();
        }
    }
}
