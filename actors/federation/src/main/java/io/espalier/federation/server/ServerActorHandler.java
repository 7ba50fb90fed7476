package io.espalier.federation.server;

import akka.actor.typed.ActorRef;
import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.transfer.RefusalReason;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings what happens at the gateway to the server's actor, and its answers back. */
record ServerActorHandler(ActorRef<FederationServer.Command> server, PayloadCatalog publication)
    implements GatewayHandler {
  @Override
  public void attended(ClientSession session, Hello hello) {
    server.tell(new FederationServer.Attend(session, hello));
  }

  @Override
  public void ready(ClientSession session, Ready ready) {
    server.tell(new FederationServer.MakeReady(session, ready));
  }

  @Override
  public void progressed(ClientSession session, Progress progress) {
    server.tell(new FederationServer.NoteProgress(session, progress));
  }

  @Override
  public void failed(ClientSession session, WorkFailed failure) {
    server.tell(new FederationServer.NoteFailure(session, failure));
  }

  @Override
  public void left(ClientSession session) {
    server.tell(new FederationServer.Leave(session));
  }

  @Override
  public Optional<Path> payload(String client, String digest) {
    return publication.payload(digest);
  }

  @Override
  public CompletionStage<UploadAdmission> announced(String client, UploadHeader header) {
    CompletableFuture<UploadAdmission> answer = new CompletableFuture<>();
    server.tell(new FederationServer.Announce(client, header, answer));
    return answer;
  }

  @Override
  public CompletionStage<UploadVerdict> completed(String client, UploadHeader header, Path file) {
    CompletableFuture<UploadVerdict> answer = new CompletableFuture<>();
    server.tell(new FederationServer.Complete(client, header, file, answer));
    return answer;
  }

  @Override
  public void refused(Optional<String> client, RefusalReason reason, String detail) {
    server.tell(new FederationServer.NoteRefusal(client, reason, detail));
  }
}
