using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery.Formats;

/// <summary>What a bulk request was answered, event by event.</summary>
internal static class BulkAnswer
{
    /// <summary>The item of each event, in the order of <paramref name="ids"/>.</summary>
    /// <returns>
    /// Null where the body is something else, or lacks an item for an event: then nothing in it can be trusted.
    /// </returns>
    public static BulkItem[]? Read(ReadOnlyMemory<byte> body, IReadOnlyList<string> ids)
    {
        try
        {
            return SafeJson.Read(body, answer => Parse(answer, ids));
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

    /// <summary>A member of an answer that is a text; null where there is none.</summary>
    public static string? Text(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> name) => Member(body, name)?.Text();

    /// <summary>A member of an answer that is true or false; null where there is none.</summary>
    public static bool? Flag(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> name) =>
        Member(body, name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } flag ? flag.GetBoolean() : null;

    static JsonElement? Member(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> name)
    {
        using var json = SafeJson.TryParseAnswer(body);
        return json?.RootElement.Member(name)?.Clone();
    }

    static BulkItem[]? Parse(ReadOnlyMemory<byte> body, IReadOnlyList<string> ids)
    {
        using var json = SafeJson.ParseAnswer(body);
        var answered = json.RootElement.GetProperty("items"u8).EnumerateArray();
        BulkItem[] items = [.. answered.Select(item => BulkItem.Read(item.EnumerateObject().Single().Value))];
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

/// <summary>What a bulk API says of one event.</summary>
/// <param name="Error">The reason, where it gives one.</param>
/// <param name="IsInFailureStore">
/// Whether Elasticsearch (8.19 and 9.1) put it away instead of into the index, and calls that a success:
/// https://www.elastic.co/docs/manage-data/data-store/data-streams/failure-store
/// </param>
internal sealed record BulkItem(string Id, int Status, string? Error, bool IsInFailureStore)
{
    public bool IsError => Status is < 200 or >= 300;

    /// <exception cref="KeyNotFoundException">It has no id or no status.</exception>
    public static BulkItem Read(JsonElement item) => new(
        item.Text("_id"u8) ?? throw new NoJsonException("it has an item without an id"),
        item.GetProperty("status"u8).GetInt32(),
        ErrorOf(item),
        item.Text("failure_store"u8) == "used");

    /// <summary>Type and reason of the error in an item, or in a whole answer; null where there is none.</summary>
    public static string? ErrorOf(JsonElement item) => item.Member("error"u8) is { } error
        ? error.Member("reason"u8) is { } reason ? $"{(error.Member("type"u8) is { } type ? $"{type}: " : "")}{reason}" : error.ToString()
        : null;
}
