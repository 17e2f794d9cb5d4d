namespace OpCollector.Delivery.Forms;

/// <summary>The members in which a person is told.</summary>
internal readonly record struct OcsfPerson(OcsfMember Uuid, OcsfMember Name, OcsfMember Email);
