package io.espalier.service.worker;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.configs.fault.FailureText;
import io.espalier.service.run.NodeLauncher;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.engine.TensorEngine;
import io.espalier.training.RunResult;
import io.espalier.training.run.BrokerLease;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A worker's own side: one attempt in this process, for the service that started it. */
public final class Worker {
  private Worker() {}

  /**
   * Executes the attempt that the service names, and reports its result.
   *
   * @param orphaned ends this process at once: its service is gone
   * @throws IOException if the service sends none, or speaks another protocol
   */
  public static void serve(InputStream commands, OutputStream reports, Runnable orphaned)
      throws IOException {
    // The engine takes as long to load as the rest to start: both at once.
    CompletableFuture<String> engine = CompletableFuture.supplyAsync(TensorEngine::version);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
    WorkerMessage.Start start = first(lines);
    ServiceChannel service = new ServiceChannel(reports);
    Thread reader = new Thread(() -> obey(lines, service, orphaned), "espalier-commands");
    reader.setDaemon(true);
    reader.start();
    service.beat();
    service.send(new WorkerMessage.Ended(attempt(start, service, engine)));
  }

  private static WorkerMessage.Start first(BufferedReader lines) throws IOException {
    String line = lines.readLine();
    while (line != null && line.isEmpty()) {
      line = lines.readLine();
    }
    Optional<WorkerMessage> message = Optional.ofNullable(line).flatMap(WorkerMessage::parse);
    if (message.orElse(null) instanceof WorkerMessage.Start start
        && start.protocol() == WorkerMessage.PROTOCOL) {
      return start;
    }
    throw new IOException(
        "a service must begin with an attempt in protocol %d: first line=%s; workers are started by 'espalier serve' alone, which is to be restarted after an update"
            .formatted(WorkerMessage.PROTOCOL, line));
  }

  private static void obey(BufferedReader lines, ServiceChannel service, Runnable orphaned) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        WorkerMessage.parse(line).ifPresent(service::obey);
      }
    } catch (IOException e) {
      // The same as its end: there is no service any more.
    }
    orphaned.run();
  }

  private static RunResult attempt(
      WorkerMessage.Start start, ServiceChannel service, CompletableFuture<String> engine) {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "espalier");
    NodeLauncher launcher =
        new NodeLauncher(
            new NodeLauncher.Settings(
                start.home(),
                system,
                BrokerLease.joining(start.home(), start.access()),
                start.authority(),
                Optional.empty()));
    try {
      engine.join();
      return launcher.run(start.order(), service);
    } catch (FencedException e) {
      return new RunResult.Fenced(e.by());
    } catch (CompletionException e) {
      return failed(root(e));
    } catch (IOException | RuntimeException e) {
      return failed(e);
    }
  }

  private static RunResult failed(Throwable cause) {
    return new RunResult.Failed(0, FailureText.of(cause));
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }
}
