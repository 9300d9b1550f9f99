using System.Runtime.Versioning;
using Trainyard.Integration.Support;
using Xunit.Sdk;
using Xunit.v3;

[assembly: SupportedOSPlatform("linux")]

// Tests compare the process's table of descriptors before and after, raise signals and spawn: one at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]

[assembly: AfterTheTest]
