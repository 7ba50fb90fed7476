package io.espalier.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import com.sun.management.UnixOperatingSystemMXBean;
import io.espalier.bench.harness.BrokerWorker;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many runs in one process leave nothing behind. */
@Tag("slow")
class NothingGrowsTest {
  private static final int WARM_UP = 20;
  private static final int RUNS = 200;
  private static final long HEAP_NOISE = 4 << 20;
  private static BrokerWorker.Started broker;

  @TempDir private static Path shared;

  /** What a process holds at one moment. */
  private record Holdings(
      long engineArrays, int threads, long files, long directBuffers, long heapBytes) {
    /** What is left once garbage has been collected, until no more of it goes. */
    static Holdings settled() throws Exception {
      Holdings last = now();
      for (int same = 0; same < 5; ) {
        System.gc();
        Thread.sleep(50);
        Holdings next = now();
        same = next.directBuffers == last.directBuffers && next.files == last.files ? same + 1 : 0;
        last = next;
      }
      return last;
    }

    private static Holdings now() throws ReflectiveOperationException {
      return new Holdings(
          countEngineArrays(),
          ManagementFactory.getThreadMXBean().getThreadCount(),
          ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
              .getOpenFileDescriptorCount(),
          ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
              .mapToLong(BufferPoolMXBean::getCount)
              .sum(),
          ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    /** Arrays and managers that hang on the engine's root: those of a closed manager do not. */
    private static long countEngineArrays() throws ReflectiveOperationException {
      try (NDManager manager = TensorEngine.newManager()) {
        Field resources = BaseNDManager.class.getDeclaredField("resources");
        resources.setAccessible(true);
        return ((Map<?, ?>) resources.get(manager.getParentManager())).size();
      }
    }
  }

  @BeforeAll
  static void startBroker() throws Exception {
    broker = BrokerWorker.start(shared.resolve("home"));
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void manyRuns_inOneProcess_leaveNothingBehind() throws Exception {
    DigitsRun run =
        DigitsRun.of(
            shared,
            "train.trainers=2",
            "train.epochs=2",
            "model.hidden=[16]",
            "prune.schedule={kind=cubic,begin=10%,end=50%,updates=2}");
    run(run, 0, WARM_UP);
    Holdings before = Holdings.settled();

    run(run, WARM_UP, RUNS);

    Holdings after = Holdings.settled();
    assertThat(after.engineArrays()).isEqualTo(before.engineArrays());
    assertThat(after.threads()).isLessThanOrEqualTo(before.threads());
    assertThat(after.files()).isLessThanOrEqualTo(before.files());
    assertThat(after.directBuffers()).isLessThanOrEqualTo(before.directBuffers());
    assertThat(after.heapBytes()).isLessThan(before.heapBytes() + HEAP_NOISE);
  }

  private static void run(DigitsRun run, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      RunResult result = run.execute(shared.resolve("run-" + i), shared, broker.access());
      assertThat(result).isInstanceOf(RunResult.Finished.class);
    }
  }
}
