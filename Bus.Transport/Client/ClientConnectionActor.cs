using System.Collections.Concurrent;
using System.Text;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;
using Bus.Transport.Channels;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Client;

/// <summary>
/// One connection to a bus, from the dial to its end. Whatever goes wrong fails the actor with an error in words; its
/// endpoint starts another after a while: that is the reconnect.
/// </summary>
internal sealed class ClientConnectionActor(ClientSetup setup, IActorRef endpoint, ClientInbound inbound, ConcurrentDictionary<long, ClientSubscriber> subscribers) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    private readonly ClientOutbound _outbound = new(setup);
    private readonly Queue<object?> _pings = new();
    private readonly KeepAlive _keepAlive = new(setup.Options.MaxPingsOut);
    private readonly CancellationTokenSource _dialing = new();
    private readonly ILogger _log = setup.Environment.Loggers.CreateLogger<ClientConnectionActor>();
    private readonly ServerErrors _errors = new(setup, endpoint, setup.Environment.Loggers.CreateLogger<ClientConnectionActor>());
    private ClientReceiver? _receiver;
    private BusChannel? _channel;
    private ServerInfo? _info;
    private bool _ready;
    private bool _closing;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Timers.StartSingleTimer(HandshakeDue.Instance, HandshakeDue.Instance, setup.Options.ConnectTimeout);
        Dialer.ConnectAsync(setup.Endpoint, _dialing.Token).AsTask().PipeTo(Self, Self, channel => new Dialed(channel), error => new DialFailed(error));
    }

    protected override void PostStop()
    {
        _dialing.Cancel();
        inbound.Credit.Abort();
        _outbound.Close(_closing);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingBatch batch:
                _outbound.Publish(batch);
                break;
            case OfflineMessage kept:
                _outbound.Publish(kept);
                break;
            case SendRequest send:
                _outbound.Publish(send);
                break;
            case SendLine send:
                _outbound.Append(send.Line);
                break;
            case Barrier barrier:
                Ping(barrier);
                break;
            case Flush:
                Send();
                break;
            case SendCompleted completed:
                if (!_outbound.Completed(completed)) throw Broken($"sending failed ({completed.Outcome}).");
                Send();
                break;
            case PongReceived:
                Passed(_pings.TryDequeue(out var tag) ? tag : null);
                break;
            case PongOwed:
                _outbound.Append(NatsWriter.Pong);
                break;
            case InfoReceived info:
                Take(info);
                break;
            case ErrorReceived error:
                if (error.IsFault && _info is null) throw ClientErrors.NoBus(setup.Endpoint);
                _errors.Take(error.Text);
                break;
            case Dialed dialed:
                Begin(dialed);
                break;
            case DialFailed failed:
                throw new BusConnectException(failed.Error is BusEndpointException ? failed.Error.Message : $"Cannot connect to {setup.Endpoint}: {failed.Error.Message}", failed.Error);
            case ReaderEnded { Fault: { } fault }:
                throw new ConnectionFaultException($"The reader of the connection to {setup.Endpoint} failed.", fault);
            case ReaderEnded:
                if (_info is null && _errors.Last is null && !_closing) throw ClientErrors.NoBus(setup.Endpoint);
                if (!_closing) throw Broken(_errors.Last is null ? "the bus closed the connection." : $"the bus closed the connection; it said '{_errors.Last}'.");
                Context.Stop(Self);
                break;
            case PingDue:
                KeepAlive();
                break;
            case HandshakeDue:
                if (!_ready) throw new BusConnectException($"{setup.Endpoint} did not answer as a bus within {setup.Options.ConnectTimeout.TotalSeconds:0.###} s. Check that it is a bus that listens there, or raise the connect timeout.");
                break;
            case CloseGently:
                Close();
                break;
            case CloseDue:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Begin(Dialed dialed)
    {
        _channel = dialed.Channel;
        inbound.Connection = Self;
        _outbound.Open(_channel, Self);
        _receiver = new ClientReceiver(Self, inbound, subscribers);
        var reader = new SocketReader(_channel, new ReadBuffer(setup.Environment.Slabs), _receiver);
        reader.RunAsync().PipeTo(Self, Self, () => new ReaderEnded(Fault: null), fault => new ReaderEnded(fault));
        if (_closing) Context.Stop(Self);
    }

    /// <summary>The first INFO begins the handshake; later ones only bring news.</summary>
    private void Take(InfoReceived received)
    {
        if (!NatsJson.TryReadInfo(received.Json, out var info)) throw ClientErrors.BadInfo(setup.Endpoint);
        var isFirst = _info is null;
        _info = info;
        setup.Link.MaxPayload = info.MaxPayload;
        if (!isFirst && info.LameDuck) endpoint.Tell(new BusStops(info.Bus?.ComeBack), Self);
        if (!isFirst) return;
        _outbound.Append(ClientGreeting.To(info, setup));
        if (info.IpcBusVersion is not null && setup.Options.Will is { } will) Leave(will);
        Ping(tag: null);
    }

    /// <summary>Leaves the last will with the bus, which keeps it with this connection.</summary>
    private void Leave(LastWill will)
    {
        var headers = HeaderBlock.Encode(will.Headers);
        if (headers.Length + will.Payload.Length > _info!.MaxPayload) throw new BusConnectException($"The last will has {headers.Length + will.Payload.Length:N0} bytes; the bus at {setup.Endpoint} allows {_info.MaxPayload:N0}.");
        _outbound.Say(Encoding.UTF8.GetBytes(SystemTopics.WillOf(will.Topic)), headers, will.Payload.Span);
    }

    private void Passed(object? tag)
    {
        if (!_ready)
        {
            _ready = true;
            // Not before: the handshake has a limit of its own, and no PING may come ahead of its CONNECT.
            Timers.StartPeriodicTimer(PingDue.Instance, PingDue.Instance, setup.Options.PingInterval);
            ClientLog.Connected(_log, setup.Endpoint.ToString(), _info!.ServerName, _info.IpcBusVersion ?? _info.Version);
            endpoint.Tell(new ConnectionReady(Self, _info), Self);
        }

        if (tag is Barrier) endpoint.Tell(tag, Self);
        else if (tag is CloseGently) HangUp();
    }

    /// <summary>All is sent and seen: the bus closes its side when we close ours, and then the reader comes to its end.</summary>
    private void HangUp()
    {
        if (!_channel!.TryEndSending()) Context.Stop(Self);
    }

    private void Ping(object? tag)
    {
        _pings.Enqueue(tag);
        _outbound.Append(NatsWriter.Ping);
    }

    private void Send()
    {
        if (!_outbound.Flush()) throw Broken("sending failed.");
    }

    private void KeepAlive()
    {
        var action = _keepAlive.Tick(_receiver!.TakeHeard(), inbound.Credit.IsOpen);
        if (action == KeepAliveAction.Ping) Ping(tag: null);
        else if (action == KeepAliveAction.Close) throw Broken($"the bus did not answer {setup.Options.MaxPingsOut} times in a row, every {setup.Options.PingInterval.TotalSeconds:0.###} s.");
    }

    private void Close()
    {
        if (_closing) return;
        _closing = true;
        if (!_ready)
        {
            Context.Stop(Self);
            return;
        }

        if (_info?.IpcBusVersion is not null) _outbound.Say(SystemTopics.Bye);
        Ping(CloseGently.Instance);
        Timers.StartSingleTimer(CloseDue.Instance, CloseDue.Instance, CloseGrace);
    }

    private ConnectionLostException Broken(string reason) => new($"The connection to {setup.Endpoint} is lost: {reason}");
}
