using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>What there is of an upload whose process is gone.</summary>
/// <param name="Found">Which of its files is there.</param>
/// <param name="Upload">The upload, to go on with; only of a temporary file.</param>
/// <param name="Committed">What its client is to be told; only of a file under its final name.</param>
/// <param name="Failure">Why it cannot be gone on with, where that is known.</param>
internal sealed record RestoredUpload(UploadFound Found, Upload? Upload = null, Message.Committed? Committed = null, Failure? Failure = null);
