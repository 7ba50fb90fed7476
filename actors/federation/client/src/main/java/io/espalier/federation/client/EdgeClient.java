package io.espalier.federation.client;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client with its actors. Thread-safe. */
public final class EdgeClient implements AutoCloseable {
  public sealed interface Outcome {
    record Finished() implements Outcome {}

    /** The client was asked to stop; its work so far is on disk. */
    record Stopped() implements Outcome {}

    record Failed(RuntimeException cause) implements Outcome {}
  }

  private static final Logger LOG = LoggerFactory.getLogger(EdgeClient.class);
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(10);

  private static final String SETTINGS = "io/espalier/federation/client/client.conf";

  private final CompletableFuture<Outcome> end = new CompletableFuture<>();
  private final ActorSystem<ClientCommand> system;

  private EdgeClient(ClientSettings settings) {
    system =
        ActorSystem.create(
            FederatedClient.create(settings, end),
            "espalier-edge",
            settings(),
            DispatcherSelector.fromConfig("espalier.pinned-dispatcher"));
    system
        .getWhenTerminated()
        .thenRun(
            () ->
                end.complete(
                    new Outcome.Failed(
                        new IncompatibleClientException(
                            "the client's actors ended unexpectedly"))));
  }

  /** The client's own settings: it takes no others that are on the class path. */
  private static Config settings() {
    return ConfigFactory.load(
        ConfigFactory.parseResources(EdgeClient.class.getClassLoader(), SETTINGS));
  }

  /** Starts a client, which connects at once; the caller closes the settings' resources. */
  public static EdgeClient start(ClientSettings settings) {
    return new EdgeClient(settings);
  }

  public void stop() {
    system.tell(new ClientCommand.Stop());
  }

  public Outcome await() {
    return end.join();
  }

  /** Stops the work first: the end of the actors alone would wait for it. */
  @Override
  public void close() {
    stop();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(TERMINATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      system.terminate();
      LOG.warn(
          "the client's work hangs and is left behind: it did not end within {}",
          TERMINATION_LIMIT);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the actors must end", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
