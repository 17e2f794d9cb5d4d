using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>The statuses by which a receiver says that it has the events (<c>sink.success</c>); empty for those of the format.</summary>
internal sealed record SuccessStatuses(params IReadOnlyList<int> Configured)
{
    public static SuccessStatuses Read(ConfigurationMember success) => new(success.AsList().ConvertAll(Status));

    /// <summary>The statuses as they are configured, and as the receivers of the format have them where they are not.</summary>
    public IReadOnlyList<int> Or(IReadOnlyList<int> usual) => Configured.Count > 0 ? Configured : usual;

    static int Status(ConfigurationMember status) => status.AsCount() is >= 200 and < 300 and var number
        ? number
        : throw status.Wrong("no status outside 200 to 299 says that a receiver has something");
}
