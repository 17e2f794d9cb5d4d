using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>What a bulk request was answered, event by event.</summary>
internal static class BulkAnswer
{
    /// <summary>The item of each event, in the order of <paramref name="ids"/>.</summary>
    /// <returns>
    /// Null where the body is no such answer, or not one with an item for each event: then nothing in it can be trusted.
    /// </returns>
    public static BulkItem[]? Read(ReadOnlyMemory<byte> body, IReadOnlyList<string> ids)
    {
        try
        {
            return SafeJson.Read(body, answer => In(answer, ids));
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    /// <summary>The error of a request that was refused as a whole; null where the body names none.</summary>
    public static string? ErrorOf(ReadOnlyMemory<byte> body)
    {
        using var json = SafeJson.TryParseAnswer(body);
        return json is null ? null : BulkItem.ErrorOf(json.RootElement);
    }

    static BulkItem[]? In(ReadOnlyMemory<byte> body, IReadOnlyList<string> ids)
    {
        using var json = SafeJson.ParseAnswer(body);
        BulkItem[] items = [.. json.RootElement.GetProperty("items"u8).EnumerateArray().Select(item => BulkItem.Read(item.EnumerateObject().Single().Value))];
        // The flag and the items must agree: a server that contradicts itself proves nothing.
        return json.RootElement.GetProperty("errors"u8).GetBoolean() == items.Any(item => item.IsError) ? OneForEach(items, ids) : null;
    }

    // The failure store makes ids of its own, and what it took has the place in the answer that it had in the request.
    static BulkItem[]? OneForEach(BulkItem[] items, IReadOnlyList<string> ids)
    {
        var wanted = ids.ToHashSet();
        var named = items.Where(item => wanted.Contains(item.Id)).ToDictionary(item => item.Id);
        var others = new Queue<BulkItem>(items.Where(item => !wanted.Contains(item.Id)));
        return items.Length == ids.Count && others.All(item => item.IsInFailureStore)
            ? [.. ids.Select(id => named.GetValueOrDefault(id) ?? others.Dequeue())]
            : null;
    }
}
