package io.espalier.service.http;

import akka.Done;
import akka.http.javadsl.model.AttributeKey;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import scala.concurrent.duration.FiniteDuration;

/**
 * One connection: answers one request after the other, and ends if the head of the next one does
 * not arrive in time, or if another one needs its room. Akka HTTP limits only the silence of a
 * connection, which a client that sends a byte now and then never keeps.
 */
final class ConnectionStage extends GraphStage<FlowShape<HttpRequest, HttpResponse>> {
  static final AttributeKey<Boolean> AUTHENTICATED =
      AttributeKey.create("authenticated", Boolean.class);

  private static final FiniteDuration LAST_BYTES = FiniteDuration.create(2, TimeUnit.SECONDS);

  private final Inlet<HttpRequest> requests = Inlet.create("requests");
  private final Outlet<HttpResponse> responses = Outlet.create("responses");
  private final FlowShape<HttpRequest, HttpResponse> shape = FlowShape.of(requests, responses);
  private final Function<HttpRequest, CompletionStage<HttpResponse>> handler;
  private final HttpSettings.Times times;
  private final ConnectionLimiter.Slot slot;
  private final CompletionStage<Done> unwanted;
  private final Runnable started;
  private final Runnable abort;

  /**
   * For one connection.
   *
   * @param handler adds {@link #AUTHENTICATED} to an answer if its request had a valid token
   * @param unwanted completes when another connection needs the room of this one
   * @param started runs when the stage has started
   * @param abort closes the socket
   */
  ConnectionStage(
      Function<HttpRequest, CompletionStage<HttpResponse>> handler,
      HttpSettings.Times times,
      ConnectionLimiter.Slot slot,
      CompletionStage<Done> unwanted,
      Runnable started,
      Runnable abort) {
    this.handler = handler;
    this.times = times;
    this.slot = slot;
    this.unwanted = unwanted;
    this.started = started;
    this.abort = abort;
  }

  @Override
  public FlowShape<HttpRequest, HttpResponse> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private static final Object HEAD = "head";

    private final AsyncCallback<HttpResponse> answered = createAsyncCallback(this::answered);
    private final AsyncCallback<Done> sent = createAsyncCallback(done -> sent());
    private final AsyncCallback<Done> ended = createAsyncCallback(done -> end());
    private boolean answering;
    private boolean sending;
    private boolean isHead;
    private boolean isLast;
    private boolean hasToken;

    Logic() {
      super(shape);
      setHandler(
          requests,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              cancelTimer(HEAD);
              HttpRequest request = grab(requests);
              answering = true;
              slot.works();
              isHead = request.method().equals(HttpMethods.HEAD);
              handler.apply(request).thenAccept(answered::invoke);
            }

            @Override
            public void onUpstreamFinish() {
              if (!answering) {
                completeStage();
              }
            }
          });
      setHandler(
          responses,
          new AbstractOutHandler() {
            /** The server asks for an answer while it may still send the one before. */
            @Override
            public void onPull() {
              pull(requests);
              if (!sending && !answering) {
                awaitHead();
              }
            }
          });
    }

    @Override
    public void preStart() {
      unwanted.thenAccept(ended::invoke);
      awaitHead();
      started.run();
    }

    @Override
    public void postStop() {
      slot.close();
    }

    @Override
    public void onTimer(Object key) {
      complete();
    }

    /** At the latest after the answer to a request that has come meanwhile. */
    private void end() {
      isLast = true;
      if (sending) {
        completeStage();
      } else if (!answering) {
        complete();
      }
    }

    /** A client that waits must close its side soon, too. */
    private void complete() {
      materializer().scheduleOnce(LAST_BYTES, abort);
      completeStage();
    }

    private void answered(HttpResponse response) {
      answering = false;
      hasToken = response.getAttribute(AUTHENTICATED).orElse(false);
      sending = !response.entity().isStrict() && !isHead;
      HttpResponse answer = isLast ? HttpResponses.last(response) : response;
      push(responses, sending ? observed(answer) : answer);
      if (isLast || isClosed(requests)) {
        completeStage();
      } else if (!sending) {
        awaitNext();
      }
    }

    private void sent() {
      sending = false;
      if (!answering) {
        awaitNext();
      }
    }

    /** The rest of a refused request must arrive within the time of the next head. */
    private void awaitNext() {
      slot.waits(hasToken);
      awaitHead();
    }

    private void awaitHead() {
      scheduleOnce(HEAD, hasToken ? times.head() : times.first());
    }

    /** Returns the answer with a body that reports its end. */
    private HttpResponse observed(HttpResponse response) {
      HttpEntity entity = response.entity();
      Source<ByteString, ?> bytes =
          entity
              .getDataBytes()
              .watchTermination(
                  (made, done) -> {
                    done.whenComplete((end, failure) -> sent.invoke(Done.done()));
                    return made;
                  });
      return entity.getContentLengthOption().isPresent()
          ? response.withEntity(
              HttpEntities.create(
                  entity.getContentType(), entity.getContentLengthOption().getAsLong(), bytes))
          : response.withEntity(HttpEntities.create(entity.getContentType(), bytes));
    }
  }
}
