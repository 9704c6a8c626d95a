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

    // A head has at most a topic, a reply-to and some digits.
    private readonly byte[] _head = new byte[NatsWriter.MaxPubHeadLength(Bus.Core.Topic.MaxLength, Bus.Core.Topic.MaxLength)];
    private readonly Queue<object?> _pings = new();
    private readonly KeepAlive _keepAlive = new(setup.Options.MaxPingsOut);
    private readonly CancellationTokenSource _dialing = new();
    private readonly ILogger _log = setup.Environment.Loggers.CreateLogger<ClientConnectionActor>();
    private readonly ServerErrors _errors = new(setup, endpoint, setup.Environment.Loggers.CreateLogger<ClientConnectionActor>());
    private ClientReceiver? _receiver;
    private ConnectionWriter? _writer;
    private BusChannel? _channel;
    private ServerInfo? _info;
    private long _counted;
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
        if (_writer is null) return;
        if (_writer.Pending > 0 && !_closing) setup.Link.Notice(BusNoticeKind.MessagesLost, $"The connection broke with {_writer.Pending:N0} bytes that were not sent.");
        _writer.Dispose();
        setup.Link.Window.Leave(_counted);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingBatch batch:
                Publish(batch);
                break;
            case OfflineMessage kept:
                Publish(kept);
                break;
            case SendRequest send:
                Publish(send.Request.Message, send);
                break;
            case SendLine send:
                _writer!.Append(send.Line);
                break;
            case Barrier barrier:
                Ping(barrier);
                break;
            case Flush:
                Send();
                break;
            case SendCompleted completed:
                if (!_writer!.Completed(completed.Outcome)) throw Broken($"sending failed ({completed.Outcome}).");
                Send();
                break;
            case PongReceived:
                Passed(_pings.TryDequeue(out var tag) ? tag : null);
                break;
            case PongOwed:
                _writer!.Append(NatsWriter.Pong);
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
        _writer = new ConnectionWriter(_channel, setup.Environment.Slabs, Self);
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
        _writer!.Append(ClientGreeting.To(info, setup));
        if (info.IpcBusVersion is not null && setup.Options.Will is { } will) Leave(will);
        Ping(tag: null);
    }

    /// <summary>Leaves the last will with the bus, which keeps it with this connection.</summary>
    private void Leave(LastWill will)
    {
        var headers = HeaderBlock.Encode(will.Headers);
        if (headers.Length + will.Payload.Length > _info!.MaxPayload) throw new BusConnectException($"The last will has {headers.Length + will.Payload.Length:N0} bytes; the bus at {setup.Endpoint} allows {_info.MaxPayload:N0}.");
        Say(Encoding.UTF8.GetBytes(SystemTopics.WillOf(will.Topic)), headers, will.Payload.Span);
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

    private void Publish(OutgoingBatch batch)
    {
        batch.Seal();
        // A bus that was given up while they were on their way here has nothing to write to.
        if (_writer is not null)
        {
            for (var i = 0; i < batch.Count; i++) _writer.AppendPublish(batch.Slab, batch[i]);
            Count();
        }

        batch.Return();
    }

    private void Publish(OfflineMessage message)
    {
        Append(message.Topic, message.ReplyTo, message.HeaderLength, message.Body);
        message.Release();
    }

    private void Publish(OutgoingMessage message, SendRequest request)
    {
        Span<byte> inbox = stackalloc byte[request.Requests.MaxReplyToLength];
        var reply = inbox[..request.Requests.WriteReplyTo(request.Request, inbox)];
        if (request.Request.Copy is { } copy)
        {
            Append(copy.Topic, reply, copy.HeaderLength, copy.Body);
            return;
        }

        Append(message.Topic, reply, message.HeaderLength, message.Body);
        message.Return();
    }

    /// <summary>A message for the bus alone.</summary>
    private void Say(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers = default, ReadOnlySpan<byte> payload = default)
    {
        _writer!.Append(_head.AsSpan(0, NatsWriter.WritePubHead(_head, topic, replyTo: default, headers.Length, headers.Length + payload.Length)));
        _writer.Append(headers);
        _writer.Append(payload);
        _writer.Append(NatsWriter.LineEnd);
    }

    private void Append(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> reply, int headerLength, ReadOnlySpan<byte> body)
    {
        // A bus that was given up while the message was on its way here has nothing to write to.
        if (_writer is null) return;
        _writer.Append(_head.AsSpan(0, NatsWriter.WritePubHead(_head, topic, reply, headerLength, body.Length)));
        _writer.Append(body);
        _writer.Append(NatsWriter.LineEnd);
        Count();
    }

    private void Ping(object? tag)
    {
        _pings.Enqueue(tag);
        _writer!.Append(NatsWriter.Ping);
    }

    private void Send()
    {
        if (!_writer!.Flush()) throw Broken("sending failed.");
        Count();
    }

    /// <summary>What waits to be sent counts in the window of those who publish.</summary>
    private void Count()
    {
        var change = _writer!.Pending - _counted;
        _counted = _writer.Pending;
        if (change > 0) setup.Link.Window.Enter(change);
        else if (change < 0) setup.Link.Window.Leave(-change);
    }

    private void KeepAlive()
    {
        var action = _keepAlive.Tick(_receiver!.TakeHeard(), inbound.Credit.IsOpen);
        if (action == KeepAliveAction.Ping) Ping(tag: null);
        else if (action == KeepAliveAction.Close) throw Broken($"the bus did not answer {setup.Options.MaxPingsOut} times in a row, every {setup.Options.PingInterval.TotalSeconds:0.###} s.");
    }

    private void Close()
    {
        _closing = true;
        if (!_ready)
        {
            Context.Stop(Self);
            return;
        }

        if (_info?.IpcBusVersion is not null) Say(SystemTopics.Bye);
        Ping(CloseGently.Instance);
        Timers.StartSingleTimer(CloseDue.Instance, CloseDue.Instance, CloseGrace);
    }

    private ConnectionLostException Broken(string reason) => new($"The connection to {setup.Endpoint} is lost: {reason}");
}
