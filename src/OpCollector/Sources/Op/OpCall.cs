using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>A call of op: what is asked for, in the grammar of each op, and what the answer means.</summary>
/// <param name="Command">How messages call it.</param>
/// <param name="MostBytes">How much op may print.</param>
internal abstract record OpCall<T>(string Command, int MostBytes)
{
    public abstract string[] Arguments(OpGeneration generation);

    /// <summary>Pure: the meaning of what op printed.</summary>
    /// <exception cref="Failure">op is content with what it printed, but it is not what was asked for (65).</exception>
    public abstract Result<T, OpFailure> Read(OpAnswer answer);
}

/// <summary>Lists a page of the log.</summary>
internal sealed record ListEvents(OpQuery Query, int MostBytes) : OpCall<OpPage>("op list events", MostBytes)
{
    public override string[] Arguments(OpGeneration generation) => generation.List(Query);

    public override Result<OpPage, OpFailure> Read(OpAnswer answer) =>
        OpPage.TryParse(answer) is { } page ? page : OpFailure.ClassifyCall(answer);
}

/// <summary>Lists names; the items of the list are not read yet.</summary>
internal sealed record ListNames(NameQuery Query) : OpCall<List<ReadOnlyMemory<byte>>>(CommandOf(Query), OpProcess.MostNamed)
{
    public override string[] Arguments(OpGeneration generation) => generation.List(Query);

    public override Result<List<ReadOnlyMemory<byte>>, OpFailure> Read(OpAnswer answer)
    {
        var failed = answer.ExitCode != 0 || OpFailure.IsReported(answer.Errors);
        try
        {
            var items = NameListJson.Split(answer.Output);
            if (items.Count > 0 || !failed)
            {
                return items;
            }
        }
        catch (NoJsonException noList) when (!failed)
        {
            throw new Failure(
                ExitCode.SourceData,
                $"{Command} printed no list of names: {noList.Message} ({answer.Output.Length} "
                    + $"bytes{(answer.Output.Length <= ForeignText.Most ? $": {ForeignText.Clean(answer.Output.Span)}" : "")})",
                noList);
        }
        catch (NoJsonException)
        {
            // The failure tells more.
        }

        // Its advice is about events, which can be read.
        return OpFailure.ClassifyCall(answer) with { Advice = "" };
    }

    static string CommandOf(NameQuery query) => $"op list {OpGeneration.PluralOf(query.Shows)}" + query switch
    {
        NamesInGroup => " --group",
        NamesByAccess { Of: var of } => $" --{OpGeneration.WordOf(of)}",
        _ => "",
    };
}
