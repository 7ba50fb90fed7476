package io.espalier.service.worker;

import io.espalier.configs.RunConfig;
import io.espalier.configs.file.PrivateDirectory;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.service.run.RunLauncher;
import io.espalier.service.run.RunLog;
import io.espalier.service.run.TrainersOnNode;
import io.espalier.telemetry.kafka.BrokerAccess;
import io.espalier.training.RunResult;
import io.espalier.training.run.BrokerLease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes each attempt in a process of its own, a worker. A worker that crashes, hangs or takes
 * too much memory ends its own attempt only. Attempts with trainers on other nodes stay in this
 * process. Thread-safe.
 */
public final class WorkerLauncher implements RunLauncher {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerLauncher.class);
  private static final Duration MARGIN = Duration.ofSeconds(30);
  // One that writes the archive of classes takes seconds for it.
  private static final Duration RETIREMENT = Duration.ofMinutes(2);

  private final Settings settings;
  private final RunLauncher within;
  private final WorkerCommand command;
  private final ClassArchive archive;

  /**
   * What all workers of a node have in common.
   *
   * @param home of Espalier on this machine
   * @param main class whose {@code main} calls {@link Worker}
   * @param overheadMb that a worker may take beyond the memory that the queue reserved
   * @param broker of this process: no worker runs that of the home
   * @param kafka the external broker, if the user named one
   * @param authority directory of the authority that certifies clients of federations; empty for
   *     plaintext on this machine's loopback
   */
  public record Settings(
      String node,
      Path home,
      String main,
      int overheadMb,
      BrokerLease broker,
      Optional<BrokerAccess> kafka,
      Optional<Path> authority) {}

  /** Executes {@code within} this process what a worker cannot. */
  public WorkerLauncher(Settings settings, RunLauncher within) {
    this.settings = settings;
    this.within = within;
    this.command = WorkerCommand.ofThisProcess(settings.main());
    this.archive = ClassArchive.in(settings.home().resolve("classes"), command);
  }

  @Override
  public RunResult run(Order order, Listener listener) throws IOException {
    if (!isolates(order.trainers())) {
      return within.run(order, listener);
    }
    RunConfig config = new RecipeLoader().stored(order.run(), order.recipe(), List.of()).config();
    openBroker();
    PrivateDirectory.create(order.directory());
    Files.deleteIfExists(order.directory().resolve(WorkerDeath.CRASH_REPORT));
    RunResult result =
        run(order, listener, config.train().recovery().progressTimeout().plus(MARGIN));
    if (result instanceof RunResult.Crashed) {
      try (RunLog log = RunLog.in(order.directory(), order.term())) {
        log.say(RunLog.text(result));
      }
    }
    return result;
  }

  private RunResult run(Order order, Listener listener, Duration silence) throws IOException {
    WorkerMemory memory = WorkerMemory.of(order, settings.overheadMb());
    WorkerLog log = new WorkerLog(order.directory());
    ClassArchive.Use use = archive.next();
    WorkerProcess worker;
    try {
      worker = WorkerProcess.start(command.line(memory, use, order.directory()), log);
    } catch (IOException e) {
      archive.ended(use);
      throw e;
    }
    try {
      WorkerWatch watch = new WorkerWatch(worker.pid(), memory, silence, System.nanoTime());
      worker.send(
          WorkerMessage.Start.of(settings.home(), order, settings.kafka(), settings.authority()));
      return new WorkerAttempt(order, listener, worker, log, watch).await();
    } finally {
      worker.retire(
          RETIREMENT,
          () -> {
            archive.ended(use);
            log.close();
          });
    }
  }

  @Override
  public boolean isolates(List<TrainersOnNode> trainers) {
    return trainers.stream().allMatch(there -> there.node().equals(settings.node()));
  }

  /** In the background: training never waits for a broker. */
  private void openBroker() {
    Thread opener =
        new Thread(
            () -> {
              try {
                settings.broker().open();
              } catch (IOException e) {
                LOG.debug("there is no broker yet: {}", e.getMessage());
              }
            },
            "espalier-broker");
    opener.setDaemon(true);
    opener.start();
  }
}
