namespace Bus.Transport.Nats;

/// <summary>The verbs of the NATS client protocol, both directions.</summary>
internal enum NatsOp : byte
{
    None,
    Connect,
    Pub,
    HPub,
    Sub,
    Unsub,
    Ping,
    Pong,
    Ok,
    Err,
    Info,
    Msg,
    HMsg,
}
