package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/klog/v2"
)

// untilTold does something until SIGTERM or an interrupt, and gives the exit status: 0, or 1 where it failed.
func untilTold(do func(context.Context, *slog.Logger) error, errs io.Writer, level slog.Level) int {
	log := slog.New(slog.NewJSONHandler(errs, &slog.HandlerOptions{Level: level}))
	slog.SetDefault(log) // for what a library may log
	klog.SetSlogLogger(log)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if err := do(ctx, log); err != nil {
		log.Error("ended", "error", err)
		return 1
	}
	log.Info("ended")
	return 0
}
