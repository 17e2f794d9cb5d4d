using System.Globalization;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>What <c>check --send-test</c> delivers: marked as a test, with an id that no event of 1Password has.</summary>
internal static class TestEvent
{
    /// <summary>A batch of one; no page, so no checkpoint moves by it.</summary>
    /// <param name="route">The way that it is to go.</param>
    public static Batch Create(DateTimeOffset now, Route route)
    {
        var id = now.UtcDateTime.ToString("'test-'yyyyMMdd'T'HHmmssfffffff'Z'", CultureInfo.InvariantCulture);
        var time = Rfc3339.Format(now);
        const string Summary = "A test of opcollector check --send-test: nothing happened in 1Password";
        var bytes = $$"""{"kind":"test","id":"{{id}}","time":"{{time}}","summary":"{{Summary}}"}""";
        var stream = Streams.All.Contains(route.Name) ? route.Name : "test";
        return new Batch(stream, [new ActivityEvent(0, now, Encoding.UTF8.GetBytes(bytes)) { Id = id }]);
    }
}
