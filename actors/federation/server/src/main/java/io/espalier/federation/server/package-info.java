/** The federation server: hands out tasks, collects results, closes rounds. */
package io.espalier.federation.server;
