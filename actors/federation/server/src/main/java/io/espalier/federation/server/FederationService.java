package io.espalier.federation.server;

import io.espalier.federation.protocol.Chunk;
import io.espalier.federation.protocol.DownloadRequest;
import io.espalier.federation.protocol.FederationGrpc;
import io.espalier.federation.protocol.FromClient;
import io.espalier.federation.protocol.FromServer;
import io.espalier.federation.protocol.UploadFrame;
import io.espalier.federation.protocol.UploadReply;
import io.espalier.federation.refusal.RefusalListener;
import io.espalier.federation.refusal.RefusalReason;
import io.espalier.federation.server.AuthenticationInterceptor.AuthenticatedCall;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Handles each call of the protocol by a separate object. Thread-safe. */
final class FederationService extends FederationGrpc.FederationImplBase {
  private final Shared shared;
  private final Map<String, ClientStream> sessions = new ConcurrentHashMap<>();
  private final Map<String, IncomingUpload> uploads = new ConcurrentHashMap<>();

  record Shared(
      GatewaySettings settings,
      GatewayHandler handler,
      RefusalListener refusals,
      GatewayConnections connections,
      Executor executor,
      ScheduledExecutorService timer) {
    void refused(AuthenticatedCall caller, RefusalReason reason, String detail) {
      refusals.refused(Optional.of(caller.client()), reason, detail);
    }

    /**
     * Ends a call by closing its connection: nothing less releases a call that waits for the peer
     * to read.
     */
    void cut(AuthenticatedCall caller, String detail) {
      refused(caller, RefusalReason.TOO_SLOW, detail);
      connections.cut(caller.remote());
    }
  }

  FederationService(Shared shared) {
    this.shared = shared;
  }

  @Override
  public StreamObserver<FromClient> attend(StreamObserver<FromServer> out) {
    ClientStream stream =
        new ClientStream(
            shared,
            AuthenticatedCall.current(),
            sessions,
            (ServerCallStreamObserver<FromServer>) out);
    stream.begin();
    return stream;
  }

  @Override
  public void download(DownloadRequest request, StreamObserver<Chunk> out) {
    OutgoingDownload.begin(
        shared, AuthenticatedCall.current(), request, (ServerCallStreamObserver<Chunk>) out);
  }

  @Override
  public StreamObserver<UploadFrame> upload(StreamObserver<UploadReply> out) {
    IncomingUpload upload =
        new IncomingUpload(
            shared,
            AuthenticatedCall.current(),
            uploads,
            (ServerCallStreamObserver<UploadReply>) out);
    upload.begin();
    return upload;
  }
}
