using OpEmulator.Dialects;
using OpEmulator.Events;
using OpEmulator.Faults;
using OpEmulator.Scenarios;
using OpEmulator.Sessions;

namespace OpEmulator.Commands;

/// <summary><c>op list events</c>: one page of the history, the items as the server holds them.</summary>
internal sealed class ListEvents(Stage stage)
{
    const string Served = "pages served";

    bool RepeatsLastPage => stage.Fault?.Do == FaultKind.Repeat && File.Exists(stage.Home.LastPage);

    public Answer Run()
    {
        var tokenFromInput = SignedIn.TokenFromInput(stage);
        var request = stage.Dialect.ReadEventsRequest(stage.CommandLine);
        SignedIn.Enter(stage, tokenFromInput);
        if (!stage.Scenario.MayListEvents)
        {
            throw stage.Dialect.Refusal(403, "Forbidden");
        }

        using var crowd = Crowd.Enter(stage);
        var history = OpenHistory();
        if (stage.Scenario.UnknownIds == "refused"
            && request.Direction != EventsDirection.Newest
            && !PageChoice.Holds(history, request.Eid))
        {
            throw stage.Dialect.Refusal(404, "Not Found");
        }

        var choice = PageChoice.Of(history, request, stage.Scenario);
        var page = RepeatsLastPage
            ? File.ReadAllBytes(stage.Home.LastPage)
            : PageText.Of(history, choice, stage.Scenario, stage.Dialect.EndOfPage);
        if (!FaultAfter.Spoils(stage.Fault))
        {
            Remember(page);
        }

        return new Answer(page);
    }

    IHistory OpenHistory()
    {
        if (stage.Scenario.Generate is { } rule)
        {
            return new GeneratedHistory(rule);
        }

        using var ledger = Ledger.Open(stage.Home.Ledger);
        return FileHistory.Read(stage.Home.Events, ledger[Served]);
    }

    // For "repeat", and for items that appear only after so many pages.
    void Remember(ReadOnlyMemory<byte> page)
    {
        using var ledger = Ledger.Open(stage.Home.Ledger);
        ledger.Add(Served, 1);
        File.WriteAllBytes(stage.Home.LastPage, page.Span);
    }
}
