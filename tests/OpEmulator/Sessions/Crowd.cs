namespace OpEmulator.Sessions;

/// <summary>The lists of events that are under way at the server together: it takes its time for each, and not too many at once.</summary>
internal sealed class Crowd : IDisposable
{
    const string UnderWay = "lists under way";

    readonly Stage _stage;

    Crowd(Stage stage) => _stage = stage;

    public static Crowd Enter(Stage stage)
    {
        var crowd = new Crowd(stage);
        if (crowd.Count(1) > stage.Scenario.MostAtOnce)
        {
            crowd.Dispose();
            throw stage.Dialect.Refusal(429, "Too Many Requests");
        }

        Thread.Sleep(stage.Scenario.AnswerTime);
        return crowd;
    }

    public void Dispose() => Count(-1);

    long Count(int more)
    {
        if (_stage.Scenario.MostAtOnce is null)
        {
            return 0;
        }

        using var ledger = Ledger.Open(_stage.Home.Ledger);
        return ledger.Add(UnderWay, more);
    }
}
