using System.Threading.Channels;
using Bus.Core.Presence;
using Bus.Tests.Client;

namespace Bus.Tests.Transport.Connections;

/// <summary>Keeps the problems that connections have.</summary>
internal sealed class ProblemRecorder : IPresenceObserver
{
    private readonly Channel<ConnectionProblem> _problems = Channel.CreateUnbounded<ConnectionProblem>();

    public Task<ConnectionProblem> NextAsync() => _problems.Reader.ReadAsync().AsTask().Guard();

    public void Joined(BusParticipant client)
    {
        // Not what is kept here.
    }

    public void Left(BusParticipant client, LeaveReason reason)
    {
        // Nor is this.
    }

    public void Failed(ConnectionProblem problem) => _problems.Writer.TryWrite(problem);

    public void ServiceChanged(ServiceEvent change)
    {
        // Nor this.
    }
}
