package io.espalier.federation.server;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import io.espalier.federation.refusal.RefusalAggregator;
import io.espalier.federation.trust.Authority;
import io.espalier.federation.trust.GatewayTrust;
import io.espalier.trainer.checkpoint.FencedException;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.training.MailboxDepth;
import io.espalier.training.RunHandle;
import io.espalier.training.RunResult;
import io.espalier.training.run.ResourceMeter;
import io.espalier.training.run.RunSession;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import org.agrona.CloseHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a federation in this process: session, actor and gateway. A checkpoint follows
 * each round: a pause keeps what was accepted, and so does a cancellation.
 */
public final class FederationHost implements RunHandle {
  private static final Logger LOGGER = LoggerFactory.getLogger(FederationHost.class);
  private static final Duration RESOURCE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration EPOCH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration REVOCATION_INTERVAL = Duration.ofSeconds(2);
  private static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

  private final FederationSession session;
  private final int totalRounds;
  private final ResourceMeter meter;
  private final PayloadCatalog catalog = new PayloadCatalog();
  private final CompletableFuture<RunResult> end = new CompletableFuture<>();
  private final ActorSystem<Void> system;
  private final CompletableFuture<ActorRef<FederationServer.Command>> server =
      new CompletableFuture<>();
  private volatile Optional<Gateway> gateway = Optional.empty();
  private Optional<RefusalAggregator> refusals = Optional.empty();

  private FederationHost(
      PreparedFederation federation, RunSession.Request request, FederationSession session)
      throws IOException {
    this.session = session;
    this.totalRounds = federation.rounds().rounds();
    this.meter = new ResourceMeter(request.directory().path(), RESOURCE_INTERVAL);
    RoundStore store = new RoundStore(rounds(request), request.directory().runEpoch());
    RoundController rounds =
        new RoundController(
            federation,
            session,
            store,
            new ConnectedClients(
                session.networks(),
                session.recorder().run().value() + "-" + store.identity(),
                request.recipe(),
                session::record),
            () -> gateway.map(Gateway::bytes).orElse(new WireBytes(0, 0)),
            catalog,
            () -> System.nanoTime() / 1_000_000);
    system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  server.complete(
                      context.spawn(
                          FederationServer.create(rounds, end),
                          "server",
                          DispatcherSelector.fromConfig("espalier.pinned-dispatcher")));
                  return Behaviors.empty();
                }),
            "espalier-federation");
  }

  private static Path rounds(RunSession.Request request) throws IOException {
    return Files.createDirectories(request.directory().path().resolve("rounds"));
  }

  /**
   * Starts or resumes the federation of the request's directory, and listens.
   *
   * @param address to listen at; port 0 for any free one
   * @param authority that certifies clients; empty for plaintext on this machine's loopback
   * @throws FencedException if a later run epoch has begun
   */
  public static FederationHost start(
      PreparedFederation federation,
      RunSession.Request request,
      InetSocketAddress address,
      Optional<Authority> authority)
      throws IOException {
    FederationHost host = begin(federation, request);
    try {
      host.listen(rounds(request).resolve("incoming"), address, authority);
      host.every(EPOCH_INTERVAL, request.directory().runEpoch()::require);
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  private static FederationHost begin(PreparedFederation federation, RunSession.Request request)
      throws IOException {
    FederationSession session = FederationSession.start(federation, request);
    try {
      return new FederationHost(federation, request, session);
    } catch (IOException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private void listen(Path incoming, InetSocketAddress address, Optional<Authority> authority)
      throws IOException {
    ActorRef<FederationServer.Command> actor = server.join();
    GatewayHandler handler = FederationServer.handler(actor, catalog);
    GatewaySettings settings = GatewaySettings.loopback(incoming).withAddress(address);
    List<ServerServiceDefinition> others = List.of();
    if (authority.isPresent()) {
      RefusalAggregator aggregator = new RefusalAggregator(handler, RefusalAggregator.INTERVAL);
      refusals = Optional.of(aggregator);
      GatewayTrust trust = GatewayTrust.of(authority.get(), aggregator);
      settings = settings.withTls(trust.tls(), trust.authenticator());
      others = List.of(trust.enrolment());
      every(
          REVOCATION_INTERVAL, () -> actor.tell(new FederationServer.DropRevoked(trust.revoked())));
    }
    gateway = Optional.of(Gateway.start(settings, handler, others));
    every(RESOURCE_INTERVAL, () -> session.recorder().recordResources(meter, 0, waiting()));
  }

  private long waiting() {
    return MailboxDepth.below(system);
  }

  /** Repeats a task, also after failures, until the run epoch is over. */
  private void every(Duration interval, Runnable work) {
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (FencedException e) {
            server.join().tell(new FederationServer.Fence(e));
          } catch (RuntimeException e) {
            LOGGER.warn("what is done every {} failed, and is tried again", interval, e);
          }
        };
    system
        .scheduler()
        .scheduleAtFixedRate(
            interval,
            interval,
            guarded,
            system.dispatchers().lookup(DispatcherSelector.blocking()));
  }

  public InetSocketAddress address() {
    return gateway.orElseThrow().address();
  }

  public FederationSession session() {
    return session;
  }

  @Override
  public long startStep() {
    return session.startedAtRound();
  }

  @Override
  public long totalSteps() {
    return totalRounds;
  }

  @Override
  public void pause() {
    stop(RunResult.Paused::new);
  }

  private void stop(LongFunction<RunResult> result) {
    server.join().tell(new FederationServer.Stop(result));
  }

  @Override
  public void checkpoint() {}

  @Override
  public void cancel() {
    stop(RunResult.Cancelled::new);
  }

  @Override
  public void interrupt(String cause) {
    stop(round -> new RunResult.Interrupted(round, cause));
  }

  @Override
  public RunResult await() {
    return end.join();
  }

  @Override
  public void close() {
    end.completeExceptionally(new IllegalStateException("the federation's host was closed"));
    CloseHelper.closeAll(
        () -> gateway.ifPresent(Gateway::close),
        () -> refusals.ifPresent(RefusalAggregator::close),
        this::terminate,
        session);
  }

  private void terminate() {
    system.terminate();
    try {
      system
          .getWhenTerminated()
          .toCompletableFuture()
          .get(TERMINATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server's actor must end", e);
    }
  }
}
