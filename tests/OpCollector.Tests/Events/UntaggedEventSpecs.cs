using System.Text;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>What a file tells of an event that no source has tagged.</summary>
public sealed class UntaggedEventSpecs
{
    [Theory]
    [InlineData("""{"eid":5,"action":"join"}""", "audit", "5")]
    [InlineData("""{"uuid":"U","actor_uuid":"A","object_type":"gm","aux_id":17}""", "audit", "U")]
    [InlineData("""{"uuid":"U","category":"success","target_user":{"uuid":"A"},"client":{}}""", "signin", "U")]
    [InlineData("""{"uuid":"U","item_uuid":"I","used_version":1,"user":{}}""", "itemusage", "U")]
    [InlineData("""{"uuid":"U","item_uuid":"I","stream":"audit"}""", "audit", "U")]
    [InlineData("""{"uuid":"U","foo":1}""", null, "U")]
    public void The_stream_is_the_one_it_says_or_else_the_one_its_members_belong_to(string json, string? stream, string id)
    {
        var marks = UntaggedEvent.Read(Encoding.UTF8.GetBytes(json));

        marks.Stream.Should().Be(stream);
        marks.Id.Should().Be(id);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"eid":5""")]
    [InlineData("""{"eid":5}{"eid":6}""")]
    [InlineData("nonsense")]
    public void What_is_no_single_object_is_none(string json)
    {
        var read = () => UntaggedEvent.Read(Encoding.UTF8.GetBytes(json));

        read.Should().Throw<NoJsonException>();
    }

    [Fact]
    public void Without_an_id_its_bytes_stand_for_it() =>
        UntaggedEvent.Read("""{"action":"join"}"""u8.ToArray()).Id.Should().StartWith("sha256:");
}
