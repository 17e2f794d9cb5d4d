using System.Net;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>An address within a network, of IP version 4 or 6.</summary>
internal sealed class CidrTest(IPNetwork network) : ValueTest
{
    public override bool Matches(EventView view, in FieldValue value)
    {
        if (!value.IsScalar)
        {
            return false;
        }

        var text = view.Text(value);
        // .NET also reads "10.1", and a bare number, as an address.
        return (text.Contains(':') || text.Count('.') == 3)
            && IPAddress.TryParse(text, out var address)
            && network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
    }
}
