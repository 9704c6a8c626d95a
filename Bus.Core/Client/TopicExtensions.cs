using System.Text.Json;
using Bus.Core.Routing;

namespace Bus.Core.Client;

/// <summary>Declaring topics. Needs an IpcBus: on a plain NATS server nobody responds.</summary>
/// <remarks>
/// A topic need not be declared, unless the bus says so (<see cref="TopicCreation.Declared"/>): declaring it gives it a policy. Declarations last until the topic is
/// deleted, or as long as the bus; those that it always begins with are in its options.
/// </remarks>
public static class TopicExtensions
{
    /// <summary>Declares a topic. When the task completes, its policy holds for everybody.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="name">The topic, or a filter such as <c>orders.*</c> for many that have the policy in common.</param>
    /// <param name="policy">What holds for it. Default: nothing but that it exists.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Whether it is new. False: it was declared with the same policy before.</returns>
    /// <exception cref="ArgumentException">The name or the policy is not valid.</exception>
    /// <exception cref="BusRefusedException">It is declared with another policy (<c>topic-exists</c>), has topics in common with another (<c>topic-overlaps</c>), or there are 10,000 (<c>topics-full</c>).</exception>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<bool> CreateTopicAsync(this IBus bus, string name, TopicPolicy? policy = null, CancellationToken cancellationToken = default)
    {
        var declaration = new TopicDeclaration { Name = name, Policy = policy ?? new TopicPolicy() };
        declaration.Validate();
        var change = await ChangeAsync(bus, SystemTopics.CreateTopic, name, JsonSerializer.SerializeToUtf8Bytes(declaration, TopicJson.Default.TopicDeclaration), cancellationToken);
        return change.Created == true;
    }

    /// <summary>
    /// Deletes a declared topic: drops its retained values and ends the subscriptions whose filters lie within it with a <see cref="TopicDeletedException"/>, each behind
    /// everything that was published before. Wider subscriptions stay.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="name">The topic, or the filter, as it was declared.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<bool> DeleteTopicAsync(this IBus bus, string name, CancellationToken cancellationToken = default)
    {
        Topic.ValidateFilter(name);
        try
        {
            await ChangeAsync(bus, SystemTopics.DeleteTopic, name, name, cancellationToken);
            return true;
        }
        catch (BusRefusedException e) when (e.Error == TopicRefusal.Unknown)
        {
            return false;
        }
    }

    /// <summary>The declared topics, as they are now.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="filter">Only those that have topics in common with it. Default: all.</param>
    /// <param name="cancellationToken">Ends the wait for the answer.</param>
    /// <exception cref="ArgumentException">The filter is not valid.</exception>
    /// <exception cref="NoRespondersException">It is a NATS server.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task<TopicList> GetTopicsAsync(this IBus bus, string filter = ">", CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        var reply = await bus.RequestAsync<string, byte[]>(SystemTopics.ListTopics, Topic.ValidateFilter(filter), timeout: null, cancellationToken);
        return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(reply, TopicListJson.Default.TopicList), SystemTopics.ListTopics);
    }

    private static async Task<TopicChange> ChangeAsync<T>(IBus bus, string request, string name, T payload, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bus);
        try
        {
            var reply = await bus.RequestAsync<T, byte[]>(request, payload, timeout: null, cancellationToken);
            return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(reply, TopicJson.Default.TopicChange), request);
        }
        catch (RemoteErrorException e)
        {
            throw new BusRefusedException(e.Text, name) { Reason = e.Error };
        }
    }
}
