using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// One file into a stream. What was written cannot be taken back: a break is mended by going on behind it with the same identity, and since
/// no FIN then covers the bytes before the break, the server's digest of the whole file is compared at the end.
/// </summary>
internal sealed class StreamDownload : IDisposable
{
    private readonly SessionPool _pool;
    private readonly Call _call;
    private readonly Attempts _attempts;
    private readonly TrainPath _path;
    private readonly Stream _destination;
    private readonly DigestAlgorithm _algorithm;
    private readonly ContentDigest _whole;
    private readonly ContentDigest _part;
    private readonly Func<TransferProgress> _progress;
    private Opaque _identity;
    private long _written;
    private long? _size;
    private bool _isMended;

    /// <summary>Begins one.</summary>
    public StreamDownload(SessionPool pool, Call call, Attempts attempts, TrainPath path, Stream destination, DownloadOptions options)
    {
        _pool = pool;
        _call = call;
        _attempts = attempts;
        _path = path;
        _destination = destination;
        _algorithm = options.Digest ?? call.Options.Digest;
        _identity = options.IfIdentity.Value;
        _whole = new(_algorithm.OnTheWire());
        _part = new(_algorithm.OnTheWire());
        _progress = () => new(_written, _size) { Reconnects = _attempts.Repeated };
    }

    /// <summary>Runs it on the calling thread.</summary>
    /// <exception cref="TransferException">The file did not arrive whole.</exception>
    public TransferResult Run()
    {
        _attempts.Run(Receive);
        var digest = _whole.Finish();
        if (_isMended)
            Confirm(digest);
        _call.Tell(_progress, isEnd: true);
        return new(
            _size!.Value, _written, 0, _algorithm, Convert.ToHexStringLower(digest.Span), new(_identity), _attempts.Repeated, _call.Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole.Dispose();
        _part.Dispose();
    }

    private bool Receive(NativeSession session)
    {
        _ = _part.Finish();
        _isMended = _written > 0;
        session.Ask(new Message.Get(_path.ToFile(session), new(_written, null), _identity, _algorithm.OnTheWire()));
        while (true)
        {
            var step = session.Next(out var data);
            switch (step.Action)
            {
                case ClientAction.Meta when step.Message is Message.Meta meta:
                    _identity = meta.Identity;
                    _size = meta.Size;
                    break;
                case ClientAction.Data:
                    Write(data);
                    break;
                case ClientAction.Fin:
                    // Without a break it is the whole file's, and computed once.
                    if (!session.Verify((_isMended ? _part.Finish() : _whole.Current()).Span))
                        throw Damaged(session.Name(_path));
                    return true;
                case ClientAction.Refused:
                    throw NativeFailure.Of(session.Name(_path), ((Message.Error)step.Message!).Failure);
            }
        }
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        _whole.Append(data);
        if (_isMended)
            _part.Append(data);
        try
        {
            _destination.Write(data);
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException or ObjectDisposedException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"{_path.Display}: the stream takes no more: {failure.Message}", failure);
        }
        _written += data.Length;
        _attempts.Progressed();
        _call.Tell(_progress);
    }

    private void Confirm(Opaque digest)
    {
        var request = new Message.Hash(_path.Remote!, default, _algorithm.OnTheWire(), 0, _identity);
        var answer = new Attempts(_pool, _call).Run(session => session.Ask<Message.HashAnswer>(request, session.Name(_path)));
        if (answer.Digest != digest)
            throw Damaged(_path.Display);
    }

    private static TransferException Damaged(string what) =>
        new(TransferFailure.Integrity, $"{what}: what arrived is not what was sent, and was written already");
}
