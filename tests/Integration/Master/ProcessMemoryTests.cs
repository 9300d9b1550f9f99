using Trainyard.Integration.Support;
using Trainyard.Shell.Master;
using Xunit;

namespace Trainyard.Integration.Master;

public sealed class ProcessMemoryTests
{
    [Fact]
    public void A_process_is_as_large_as_the_kernel_says() =>
        Assert.InRange(ProcessMemory.Resident(Environment.ProcessId), 1024 * 1024, Environment.WorkingSet * 2);

    [Fact]
    public void One_that_does_not_exist_has_none() => Assert.Equal(0, ProcessMemory.Resident(int.MaxValue));

    [Fact]
    public void Nothing_stays_open() => DescriptorLeak.Check(() => ProcessMemory.Resident(Environment.ProcessId));
}
