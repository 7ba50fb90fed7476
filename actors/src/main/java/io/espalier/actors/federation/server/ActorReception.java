package io.espalier.actors.federation.server;

import akka.actor.typed.ActorRef;
import io.espalier.actors.federation.gateway.Admission;
import io.espalier.actors.federation.gateway.Reception;
import io.espalier.actors.federation.gateway.Session;
import io.espalier.actors.federation.gateway.Verdict;
import io.espalier.actors.federation.protocol.Hello;
import io.espalier.actors.federation.protocol.Progress;
import io.espalier.actors.federation.protocol.Ready;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.actors.federation.protocol.WorkFailed;
import io.espalier.actors.federation.server.offer.Publication;
import io.espalier.actors.federation.transfer.Reason;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings what happens at the gateway to the server's actor, and its answers back. */
record ActorReception(ActorRef<FederationServer.Command> server, Publication publication)
    implements Reception {
  @Override
  public void attended(Session session, Hello hello) {
    server.tell(new FederationServer.Attend(session, hello));
  }

  @Override
  public void ready(Session session, Ready ready) {
    server.tell(new FederationServer.MakeReady(session, ready));
  }

  @Override
  public void progressed(Session session, Progress progress) {
    server.tell(new FederationServer.NoteProgress(session, progress));
  }

  @Override
  public void failed(Session session, WorkFailed failure) {
    server.tell(new FederationServer.NoteFailure(session, failure));
  }

  @Override
  public void left(Session session) {
    server.tell(new FederationServer.Leave(session));
  }

  @Override
  public Optional<Path> payload(String client, String digest) {
    return publication.payload(digest);
  }

  @Override
  public CompletionStage<Admission> announced(String client, UploadHeader header) {
    CompletableFuture<Admission> answer = new CompletableFuture<>();
    server.tell(new FederationServer.Announce(client, header, answer));
    return answer;
  }

  @Override
  public CompletionStage<Verdict> completed(String client, UploadHeader header, Path file) {
    CompletableFuture<Verdict> answer = new CompletableFuture<>();
    server.tell(new FederationServer.Complete(client, header, file, answer));
    return answer;
  }

  @Override
  public void refused(Optional<String> client, Reason reason, String detail) {
    server.tell(new FederationServer.NoteRefusal(client, reason, detail));
  }
}
