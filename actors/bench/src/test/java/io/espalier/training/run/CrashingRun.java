package io.espalier.training.run;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.trainer.engine.NativeExit;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A run in a process of its own, which dies where a crash point says. */
final class CrashingRun {
  /** Exit code of a process that died at its point. */
  static final int DIED = 77;

  private CrashingRun() {}

  /** Which test's run it is. */
  enum Of {
    CRASH_POINTS(CrashPointsTest::run),
    SHRINKING(ShrinkingRunTest::run),
    SWITCHING(SwitchingRunTest::run);

    @SuppressWarnings("ImmutableEnumChecker") // functions without a state
    private final Function<Path, DigitsRun> ofHome;

    Of(Function<Path, DigitsRun> ofHome) {
      this.ofHome = ofHome;
    }
  }

  /**
   * Starts or resumes the run of {@code out}, and returns its exit code.
   *
   * @param time which passing of the point is deadly, from 1
   */
  static int die(Of test, CrashPoint point, int time, Path out, Path home, String kafka, Path log)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-modules",
                "jdk.incubator.vector"));
    command.add("-DDJL_CACHE_DIR=" + System.getProperty("DJL_CACHE_DIR"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), CrashingRun.class.getName()));
    command.addAll(List.of(point.name(), "" + time, out.toString(), home.toString(), kafka));
    command.add(test.name());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start()
        .waitFor();
  }

  public static void main(String[] arguments) throws IOException {
    CrashPoint deadly = CrashPoint.valueOf(arguments[0]);
    AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[1]));
    CrashPoint.arm(
        point -> {
          if (point == deadly && left.decrementAndGet() == 0) {
            NativeExit.halt(DIED);
          }
        });
    Path out = Path.of(arguments[2]);
    Path home = Path.of(arguments[3]);
    DigitsRun run = Of.valueOf(arguments[5]).ofHome.apply(home);
    RunResult result =
        Files.exists(out)
            ? run.resume(out, home, arguments[4])
            : run.execute(out, home, arguments[4]);
    System.exit(result instanceof RunResult.Finished ? 0 : 1);
  }
}
