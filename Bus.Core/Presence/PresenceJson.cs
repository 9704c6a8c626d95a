using System.Text.Json.Serialization;

namespace Bus.Core.Presence;

/// <summary>How presence looks on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ParticipantList))]
[JsonSerializable(typeof(BusParticipant))]
[JsonSerializable(typeof(PresenceEvent))]
[JsonSerializable(typeof(PingQuestion))]
[JsonSerializable(typeof(PingList))]
[JsonSerializable(typeof(ServiceList))]
[JsonSerializable(typeof(ServiceEvent))]
internal sealed partial class PresenceJson : JsonSerializerContext;
