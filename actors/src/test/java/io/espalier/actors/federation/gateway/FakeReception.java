package io.espalier.actors.federation.gateway;

import io.espalier.actors.federation.protocol.FromServer;
import io.espalier.actors.federation.protocol.Hello;
import io.espalier.actors.federation.protocol.Progress;
import io.espalier.actors.federation.protocol.Ready;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.actors.federation.protocol.Welcome;
import io.espalier.actors.federation.protocol.WorkFailed;
import io.espalier.actors.federation.transfer.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes results of the round "1" of up to {@link #largest} bytes, and remembers all it hears. */
final class FakeReception implements Reception {
  static final String ROUND = "1";

  final Map<String, Path> payloads = new ConcurrentHashMap<>();
  final Map<String, Session> sessions = new ConcurrentHashMap<>();
  final Map<String, byte[]> accepted = new ConcurrentHashMap<>();
  final List<String> heard = new CopyOnWriteArrayList<>();
  final List<String> refusals = new CopyOnWriteArrayList<>();
  volatile String software = "";
  volatile long doneSteps;
  volatile long largest = 64 << 20;
  volatile CompletableFuture<Void> mayDecide = CompletableFuture.completedFuture(null);

  /** The session of a client that attends. */
  Session session(String client) {
    return Objects.requireNonNull(sessions.get(client));
  }

  @Override
  public void attended(Session session, Hello hello) {
    heard.add("attended " + session.client());
    software = hello.getSoftware();
    sessions.put(session.client(), session);
    Welcome welcome =
        Welcome.newBuilder().setProtocolVersion(session.protocolVersion()).setRun("run").build();
    session.send(FromServer.newBuilder().setWelcome(welcome).build());
  }

  @Override
  public void ready(Session session, Ready ready) {
    heard.add("ready " + session.client());
  }

  @Override
  public void progressed(Session session, Progress progress) {
    heard.add("progressed " + session.client());
    doneSteps = progress.getDoneSteps();
  }

  @Override
  public void failed(Session session, WorkFailed failure) {}

  @Override
  public void left(Session session) {
    heard.add("left " + session.client());
    sessions.remove(session.client(), session);
  }

  @Override
  public Optional<Path> payload(String client, String digest) {
    return Optional.ofNullable(payloads.get(digest));
  }

  @Override
  public CompletionStage<Admission> announced(String client, UploadHeader header) {
    heard.add("announced " + client);
    return CompletableFuture.completedFuture(admission(header));
  }

  @Override
  public CompletionStage<Verdict> completed(String client, UploadHeader header, Path file) {
    heard.add("completed " + client);
    return mayDecide.thenApply(now -> accept(header, file));
  }

  @Override
  public void refused(Optional<String> client, Reason reason, String detail) {
    refusals.add(reason.word() + client.map(name -> " " + name).orElse(""));
  }

  private Admission admission(UploadHeader header) {
    if (accepted.containsKey(header.getDigest())) {
      return new Verdict.Duplicate();
    }
    return header.getRound().equals(ROUND)
        ? new Admission.Wanted(largest)
        : new Verdict.Refused(Reason.STALE_ROUND, "a result must be of the open round: open=1");
  }

  private Verdict accept(UploadHeader header, Path file) {
    try {
      accepted.put(header.getDigest(), Files.readAllBytes(file));
      return new Verdict.Accepted();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
