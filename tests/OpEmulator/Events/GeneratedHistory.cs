using System.Globalization;
using System.Text;
using OpEmulator.Scenarios;

namespace OpEmulator.Events;

/// <summary>A history computed from a rule: only the events of a page are ever made.</summary>
internal sealed class GeneratedHistory(GeneratedEvents rule) : IHistory
{
    static readonly string[] Actors = ["CTHSZQHLERKQXM2YFC3S4U5ZU4", "Q2EV3CGL2IT34UAS24UZZDUOWU", "SF6HEZYJXIRHC6BUFFZLHKLMDU"];

    static readonly string[] Deeds =
    [
        """ "action":"join","objectType":"gm","objectUuid":"bv6ayklorf32renq3e3mmbkxtu","auxInfo":"R","auxUUID":"Q2EV3CGL2IT34UAS24UZZDUOWU" """,
        """ "action":"grant","objectType":"uva","objectUuid":"ggdybnlt5vabdg5ee4mq7wkbam","auxInfo":"48","auxUUID":"SF6HEZYJXIRHC6BUFFZLHKLMDU" """,
        """ "action":"patch","objectType":"items","objectUuid":"d2k73hwo5xsmh5gwed5sg3mchi","auxInfo":"1","auxUUID":"" """,
        """ "action":"grant","objectType":"gva","objectUuid":"d2k73hwo5xsmh5gwed5sg3mchi","auxInfo":"50","auxUUID":"bv6ayklorf32renq3e3mmbkxtu" """,
        """ "action":"role","objectType":"gm","objectUuid":"svb2hayslv7njfc4eadqzo6tr4","auxInfo":"A","auxUUID":"CTHSZQHLERKQXM2YFC3S4U5ZU4" """,
    ];

    public int Count => rule.Count;

    public long EidAt(int index) => rule.First + (index * rule.Step);

    public ReadOnlyMemory<byte> ItemAt(int index)
    {
        var time = (rule.Start + (index * rule.Every)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var actor = Actors[index % Actors.Length];
        var deed = Deeds[index % Deeds.Length].Trim();
        return Encoding.UTF8.GetBytes($$"""{"eid":{{EidAt(index)}},"time":"{{time}}","actorUuid":"{{actor}}",{{deed}}}""");
    }
}
