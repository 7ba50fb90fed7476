package io.espalier.service.http;

import akka.Done;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.StreamTcpException;
import akka.stream.SubscriptionWithCancelException;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import scala.concurrent.duration.FiniteDuration;

/**
 * The bytes of a socket as a stream. After the last byte it sends the end and reads for a while, as
 * a socket that is closed with unread bytes is reset, and its peer may lose what was sent before
 * (Fielding, Nottingham and Reschke, RFC 9112, 2022, section 9.6). A failure resets it.
 */
final class SocketStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final int PIECE_BYTES = 1 << 16;
  private static final long MOST_LINGERING_BYTES = 64 << 20;
  private static final int MOST_LINGERING_TURNS = 5;
  private static final FiniteDuration TURN = FiniteDuration.create(1, TimeUnit.SECONDS);
  private static final ByteBuffer[] NOTHING = {};
  private static final ThreadLocal<ByteBuffer> PIECE =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(PIECE_BYTES));

  private final Inlet<ByteString> sent = Inlet.create("sent");
  private final Outlet<ByteString> received = Outlet.create("received");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(sent, received);
  private final SocketReactor.Accepted socket;

  /** For one connection; closes the socket at the end. */
  SocketStage(SocketReactor.Accepted socket) {
    this.socket = socket;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final AsyncCallback<Done> readable = createAsyncCallback(done -> readable());
    private final AsyncCallback<Done> writable = createAsyncCallback(done -> write());
    private ByteBuffer[] unsent = NOTHING;
    private boolean awaitsBytes;
    private boolean isAtEnd;
    private boolean lingers;
    private long lingeringBytes;
    private long lingeringBytesBefore;
    private int turns;

    Logic() {
      super(shape);
      setHandler(
          sent,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              unsent =
                  StreamSupport.stream(grab(sent).getByteBuffers().spliterator(), false)
                      .toArray(ByteBuffer[]::new);
              write();
            }

            @Override
            public void onUpstreamFinish() {
              if (unsent == NOTHING) {
                finish();
              }
            }

            @Override
            public void onUpstreamFailure(Throwable failure) {
              abort(failure);
            }
          });
      setHandler(
          received,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              read();
            }

            @Override
            public void onDownstreamFinish(Throwable cause) {
              if (cause instanceof SubscriptionWithCancelException.NonFailureCancellation) {
                read();
              } else {
                abort(cause);
              }
            }
          });
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      pull(sent);
    }

    @Override
    public void postStop() {
      socket.close();
    }

    /** A peer that sends nothing for a turn has read what it wants to read. */
    @Override
    public void onTimer(Object key) {
      turns++;
      if (turns == MOST_LINGERING_TURNS || lingeringBytes == lingeringBytesBefore) {
        completeStage();
        return;
      }
      lingeringBytesBefore = lingeringBytes;
      scheduleOnce(key, TURN);
    }

    private void readable() {
      awaitsBytes = false;
      if (isAvailable(received) || isClosed(received)) {
        read();
      }
    }

    /** Bytes that nothing takes are read, too, so that the end is seen. */
    private void read() {
      if (awaitsBytes || isAtEnd) {
        return;
      }
      ByteBuffer piece = PIECE.get().clear();
      int count;
      try {
        count = socket.read(piece);
      } catch (IOException e) {
        fail(e);
        return;
      }
      if (count < 0) {
        end();
      } else if (count > 0 && isAvailable(received)) {
        push(received, ByteString.fromByteBuffer(piece.flip()));
      } else {
        lingeringBytes += lingers ? count : 0;
        if (lingeringBytes > MOST_LINGERING_BYTES) {
          completeStage();
          return;
        }
        awaitsBytes = true;
        socket.awaitRead(() -> readable.invoke(Done.done()));
      }
    }

    private void end() {
      isAtEnd = true;
      complete(received);
      if (lingers) {
        completeStage();
      }
    }

    private void write() {
      try {
        socket.write(unsent);
      } catch (IOException e) {
        fail(e);
        return;
      }
      if (Arrays.stream(unsent).anyMatch(ByteBuffer::hasRemaining)) {
        socket.awaitWrite(() -> writable.invoke(Done.done()));
        return;
      }
      unsent = NOTHING;
      if (isClosed(sent)) {
        finish();
      } else {
        pull(sent);
      }
    }

    /** Nothing more is to be sent. */
    private void finish() {
      if (isAtEnd) {
        completeStage();
        return;
      }
      try {
        socket.endOutput();
      } catch (IOException e) {
        fail(e);
        return;
      }
      lingers = true;
      scheduleOnce("lingering", TURN);
      complete(received);
      read();
    }

    private void fail(IOException e) {
      failStage(new StreamTcpException("a connection must stay open: cause=" + e));
    }

    private void abort(Throwable failure) {
      socket.abort();
      failStage(failure);
    }
  }
}
