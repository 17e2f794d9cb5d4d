using OpCollector.Delivery;
using OpCollector.Delivery.Forms;

namespace OpCollector.Tests.Support;

/// <summary>Everything to one sink, as it is.</summary>
internal static class SingleRoute
{
    public static Routes To(Sink sink) => new(new Route(Route.Usual, sink, SentForm.AsTheyAre), ["audit"]);
}
