package io.espalier.actors.federation.gateway;

import io.espalier.actors.federation.gateway.NamedCalls.Caller;
import io.espalier.actors.federation.gateway.connection.Connections;
import io.espalier.actors.federation.protocol.Chunk;
import io.espalier.actors.federation.protocol.DownloadRequest;
import io.espalier.actors.federation.protocol.FederationGrpc;
import io.espalier.actors.federation.protocol.FromClient;
import io.espalier.actors.federation.protocol.FromServer;
import io.espalier.actors.federation.protocol.UploadFrame;
import io.espalier.actors.federation.protocol.UploadReply;
import io.espalier.actors.federation.transfer.Reason;
import io.espalier.actors.federation.transfer.Refusals;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

/** Gives each call of the protocol to an object of its own. Thread-safe. */
final class FederationService extends FederationGrpc.FederationImplBase {
  private final Shared shared;
  private final Map<String, Attendance> sessions = new ConcurrentHashMap<>();
  private final Map<String, IncomingUpload> uploads = new ConcurrentHashMap<>();

  /** What all calls work with. */
  record Shared(
      GatewaySettings settings,
      Reception reception,
      Refusals refusals,
      Connections connections,
      Executor executor,
      ScheduledExecutorService timer) {
    /** Counts what the gateway itself refuses. */
    void refused(Caller caller, Reason reason, String detail) {
      refusals.refused(Optional.of(caller.client()), reason, detail);
    }

    /** Ends a call by ending its connection: nothing less frees what waits for a peer to read. */
    void cut(Caller caller, String detail) {
      refused(caller, Reason.TOO_SLOW, detail);
      connections.cut(caller.remote());
    }
  }

  FederationService(Shared shared) {
    this.shared = shared;
  }

  @Override
  public StreamObserver<FromClient> attend(StreamObserver<FromServer> out) {
    Attendance attendance =
        new Attendance(
            shared, Caller.current(), sessions, (ServerCallStreamObserver<FromServer>) out);
    attendance.begin();
    return attendance;
  }

  @Override
  public void download(DownloadRequest request, StreamObserver<Chunk> out) {
    OutgoingDownload.begin(
        shared, Caller.current(), request, (ServerCallStreamObserver<Chunk>) out);
  }

  @Override
  public StreamObserver<UploadFrame> upload(StreamObserver<UploadReply> out) {
    IncomingUpload upload =
        new IncomingUpload(
            shared, Caller.current(), uploads, (ServerCallStreamObserver<UploadReply>) out);
    upload.begin();
    return upload;
  }
}
