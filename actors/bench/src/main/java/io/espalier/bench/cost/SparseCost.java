package io.espalier.bench.cost;

import io.espalier.bench.cost.StepTimesBySparsity.Timed;
import io.espalier.bench.cost.StepTimesBySparsity.TimedTorch;
import io.espalier.configs.file.EspalierHome;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.prepare.PreparedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.agrona.CloseHelper;

/**
 * Steps on kept weights, and of networks with as many multiply-accumulates in fewer channels, and
 * of PyTorch where it is installed, against dense steps of the engine: all take turns, each in a
 * process of its own.
 */
final class SparseCost {
  private static final double BLOCK_SECONDS = 0.2;

  private final Instructions instructions;
  private final List<String> overrides;
  private final double warmUpSeconds;
  private final int rounds;

  /**
   * @param warmUpSeconds of each network, until its loops are compiled
   */
  SparseCost(Instructions instructions, List<String> overrides, double warmUpSeconds, int rounds) {
    this.instructions = instructions;
    this.overrides = List.copyOf(overrides);
    this.warmUpSeconds = warmUpSeconds;
    this.rounds = rounds;
  }

  StepTimesBySparsity measure(String network) throws IOException {
    StepCase of = StepCases.named(network).with(instructions);
    List<StepContender> contenders = of.contenders();
    List<String> dense = List.of("prune.sparsity=0");
    long flop = StepFlop.of(recipe(of.model(), settings(of, dense)));
    List<TimedProcess> subjects = new ArrayList<>();
    try {
      TimedProcess engine = start(of.model(), settings(of, dense));
      subjects.add(engine);
      for (StepContender each : contenders) {
        subjects.add(start(each.model(), settings(of, each.settings())));
      }
      Optional<TimedProcess> torch = torch(of);
      torch.ifPresent(subjects::add);
      String capability = engine.text(TimedProcess.CAPABILITY);
      Optional<String> torchName =
          torch.isPresent() ? Optional.of(torch.get().text("name")) : Optional.empty();
      List<List<Double>> seconds = seconds(subjects);
      List<Timed> timed = new ArrayList<>();
      for (int i = 0; i < contenders.size(); i++) {
        timed.add(new Timed(contenders.get(i), seconds.get(1 + i)));
      }
      return new StepTimesBySparsity(
          network,
          instructions,
          capability,
          flop,
          seconds.get(0),
          timed,
          torchName.map(name -> new TimedTorch(name, seconds.get(seconds.size() - 1))));
    } finally {
      CloseHelper.closeAll(subjects);
    }
  }

  private List<String> settings(StepCase of, List<String> own) {
    return Stream.of(of.settings(), own, overrides).flatMap(List::stream).toList();
  }

  /** Refuses a wrong recipe, and downloads its data, before any process starts. */
  private static PreparedRun recipe(String model, List<String> settings) {
    return new BenchRecipe(model, settings, DataHome.of(EspalierHome.path())).with();
  }

  private TimedProcess start(String model, List<String> settings) throws IOException {
    return TimedProcess.start(instructions, model, settings);
  }

  private Optional<TimedProcess> torch(StepCase of) throws IOException {
    Optional<TorchPython> python = TorchPython.with("torch").filter(any -> of.inTorch());
    return python.isPresent()
        ? Optional.of(python.get().start(instructions.environment(), "torch_step.py", of.name()))
        : Optional.empty();
  }

  /** Of each subject, by round; one warms up after the other. */
  private List<List<Double>> seconds(List<TimedProcess> subjects) throws IOException {
    for (TimedProcess subject : subjects) {
      warmUp(subject, warmUpSeconds);
    }
    int steps = (int) Math.max(1, BLOCK_SECONDS / subjects.get(0).stepSeconds(5));
    List<List<Double>> seconds = new ArrayList<>();
    subjects.forEach(subject -> seconds.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        seconds.get(i).add(subjects.get(i).stepSeconds(steps));
      }
    }
    return seconds;
  }

  private static void warmUp(TimedProcess subject, double atLeast) throws IOException {
    int steps = 1;
    double seconds = 0;
    while (seconds < atLeast) {
      double step = subject.stepSeconds(steps);
      seconds += steps * step;
      steps = (int) Math.max(1, BLOCK_SECONDS / step);
    }
  }
}
