/** Notices of ended runs and of alerts, to webhooks and by mail. */
package io.espalier.service.notice;
