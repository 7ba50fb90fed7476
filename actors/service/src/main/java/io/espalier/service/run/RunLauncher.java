package io.espalier.service.run;

import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Executes attempts on this node. Thread-safe. */
public interface RunLauncher {
  /**
   * Executes an attempt on the calling thread.
   *
   * @throws io.espalier.trainer.checkpoint.FencedException if a later term has begun
   */
  RunResult run(Order order, Listener listener) throws IOException;

  /** Whether an attempt with these trainers has a process of its own, which may end alone. */
  default boolean isolates(List<TrainersOnNode> trainers) {
    return false;
  }

  /**
   * An attempt to execute.
   *
   * @param directory made by the first attempt
   * @param recipe resolved, with every default spelled out
   * @param term issued by the journal; acts of lower ones are refused
   * @param trainers in trainer order
   * @param memoryMb that the queue reserved for each trainer
   * @param gateway address that a federation listens at; absent for training
   */
  record Order(
      String run,
      Path directory,
      String recipe,
      long term,
      List<TrainersOnNode> trainers,
      int memoryMb,
      Optional<String> gateway) {
    public Order {
      trainers = List.copyOf(trainers);
    }

    /** The attempt that the journal has begun; {@code runs} has the runs' directories. */
    static Order of(JournaledRun run, Path runs) {
      RunSpec spec = run.spec().orElseThrow();
      LifecycleEvent.Started started = run.course().attempt().orElseThrow();
      return new Order(
          run.id(),
          runs.resolve(run.id()),
          spec.recipe(),
          started.term(),
          started.trainers(),
          spec.memoryMb(),
          started.gateway());
    }
  }

  /** Progress in steps, or rounds of a federation, with the results of the newest evaluation. */
  record Progress(
      long step,
      OptionalDouble accuracy,
      OptionalDouble bitsPerCharacter,
      double sparsity,
      Measured measured) {
    public Progress(long step, OptionalDouble accuracy, double sparsity) {
      this(step, accuracy, OptionalDouble.empty(), sparsity, Measured.NONE);
    }
  }

  /**
   * What only the metrics of a run show.
   *
   * @param loss mean training loss of the steps before the newest sync, or of the newest round
   * @param evaluationLoss of the newest evaluation
   * @param maskVersion updates of the masks so far
   * @param alerts kinds of the alerts that are open
   */
  record Measured(
      OptionalDouble loss, OptionalDouble evaluationLoss, int maskVersion, List<String> alerts) {
    public static final Measured NONE =
        new Measured(OptionalDouble.empty(), OptionalDouble.empty(), 0, List.of());

    public Measured {
      alerts = List.copyOf(alerts);
    }
  }

  /** Receives the events of an attempt, in order; each call returns fast. */
  interface Listener {
    /** Whether the attempt was cancelled, also before it began. */
    boolean isCancelled();

    /** Why it is to end at once without being cancelled, also before it began. */
    Optional<String> interruption();

    /** Recipe, data and checkpoint are read; training begins. */
    void started(RunHandle handle);

    /** At most once a second, but for alerts and the end. */
    void progressed(Progress progress);

    /** A checkpoint is on disk. */
    void checkpointed(long step);

    /** The run needs attention; {@code step} is that of the last committed state. */
    void alerted(String kind, long step, String text);
  }
}
